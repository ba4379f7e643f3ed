//! Quality without labels.

use soft_dice::confidence::{self, ClassConfidence, Compared, Kept, Last};
use soft_dice::monitor::{
    Camera, ClassWatch, Contour, Drift, Event, Format, Frame, Learnt, Monitor, Open, OpenClasses, Outlined, Paused,
    Picture, Report, Settings, Signal, State, Status, Watch,
};
use soft_dice::{Error, F32, I8, Minima, Own, Record, Soft, Stream, Sums};

api! {
    // Confidence and agreement.

    fn confidence() -> (Stream<I8, Own>, Stream<I8, Soft<F32>, Minima>) {
        (confidence::confidence(I8::TFLITE), confidence::agreement(I8::TFLITE, F32::new()))
    }

    fn uniform(map: &[i8], channels: usize) -> bool {
        confidence::uniform(map, channels)
    }

    fn class_confidence_update(classes: &mut ClassConfidence<I8, 4>, map: &[i8]) -> Result<(), Error> {
        ClassConfidence::update(classes, map)
    }

    fn class_confidence_update_f32(classes: &mut ClassConfidence<F32, 4>, map: &[f32]) -> Result<(), Error> {
        ClassConfidence::update(classes, map)
    }

    fn class_confidence(classes: &mut ClassConfidence<I8, 4>, class: usize) -> (Option<Record>, Record) {
        let found = (ClassConfidence::class(classes, class), ClassConfidence::pooled(classes, Some(class)));
        ClassConfidence::reset(classes);
        found
    }

    fn class_confidence_mean(classes: &ClassConfidence<I8, 4>) -> Option<u16> {
        ClassConfidence::mean_q15(classes, Some(0))
    }

    fn class_confidence_new() -> ClassConfidence<I8, 4> {
        ClassConfidence::new(I8::TFLITE)
    }

    fn last(buffer: &mut [i8]) -> Last<'_, I8> {
        Last::new(I8::TFLITE, buffer)
    }

    fn last_owning() -> Last<'static, I8, [i8; 16]> {
        Last::owning(I8::TFLITE, [0; 16])
    }

    fn last_compare(last: &mut Last<'_, I8>, frame: &[i8]) -> Result<Option<Compared>, Error> {
        Last::compare(last, frame)
    }

    fn last_compare_f32(last: &mut Last<'_, F32>, frame: &[f32]) -> Result<Option<Compared>, Error> {
        Last::compare(last, frame)
    }

    fn last_pixels(last: &mut Last<'_, I8>) -> usize {
        Last::reset(last);
        Last::pixels(last)
    }

    fn kept(element: &F32) -> (impl Copy, impl Copy) {
        (Kept::kept(element), Kept::nothing(element))
    }

    // What a monitor sees of a frame.

    fn frame(own: &Record, compared: Option<Compared>, flag: bool) -> Result<Frame, Error> {
        Ok(Frame::occupied(Frame::uniform(Frame::compared(Frame::new(own)?, compared), flag), flag))
    }

    fn frame_shares(frame: &Frame) -> (Option<u16>, Option<u16>, u16, u16) {
        (Frame::confidence_q15(frame), Frame::agreement_q15(frame), Frame::area_q15(frame), Frame::invalid_q15(frame))
    }

    fn frame_pictured(frame: Frame, seen: Option<Outlined>) -> (Frame, Option<i16>, Option<i16>) {
        let frame = Frame::pictured(frame, seen);
        (frame, Frame::edge(&frame), Frame::detail(&frame))
    }

    fn contour_new(width: usize, memory: &mut [u8]) -> Result<Contour<'_>, Error> {
        Contour::new(width, memory)
    }

    fn contour_row(contour: &mut Contour<'_>, mask: &[bool], luma: &[u8], region: Option<&[u8]>) -> Result<(), Error> {
        Contour::row(contour, mask.iter().copied(), luma, region)
    }

    fn contour_finish(contour: &mut Contour<'_>) -> (usize, usize, usize, Outlined) {
        let before = (Contour::width(contour), Contour::rows(contour), Contour::bytes(8));
        let seen = Contour::finish(contour);
        Contour::reset(contour);
        (before.0, before.1, before.2, seen)
    }

    // The monitor.

    fn monitor_signal(monitor: &Monitor, signal: Signal) -> (Status, Learnt) {
        (Monitor::signal(monitor, signal), Monitor::learnt(monitor))
    }

    fn monitor_restore(monitor: &mut Monitor, learnt: &Learnt) -> Result<(), Error> {
        Monitor::restore(monitor, learnt)
    }

    fn settings(settings: &Settings, fall: u16) -> Result<Drift, Error> {
        Settings::check(settings)?;
        Ok(Drift::of(fall))
    }

    fn monitor_new(settings: Settings) -> Result<Monitor, Error> {
        Monitor::new(settings)
    }

    fn monitor_observe(monitor: &mut Monitor, frame: &Frame) -> Result<Option<Event>, Error> {
        Monitor::observe(monitor, frame)
    }

    fn monitor_dropped(monitor: &mut Monitor) -> Option<Event> {
        Monitor::dropped(monitor)
    }

    fn monitor_report(monitor: &Monitor) -> Report {
        Monitor::report(monitor)
    }

    fn monitor_history(monitor: &mut Monitor) -> u16 {
        let sum = Monitor::history(monitor).fold(0, u16::wrapping_add);
        Monitor::reset(monitor);
        sum
    }

    fn monitor_state(monitor: &Monitor, share: u16) -> (State, &Settings, Option<u16>) {
        (Monitor::state(monitor), Monitor::settings(monitor), Monitor::quantile(monitor, share))
    }

    // Watch: all of it from one map a frame.

    fn watch_new(buffer: &mut [i8], settings: Settings, own: Own) -> Result<Watch<'_, I8>, Error> {
        Ok(Watch::threshold(Watch::new(I8::TFLITE, buffer, settings)?, own))
    }

    fn watch_owning(settings: Settings, own: Own) -> Result<Watch<'static, I8, 32, [i8; 16]>, Error> {
        Watch::owning(I8::TFLITE, own, [0; 16], settings)
    }

    fn watch_owning_frame(watch: &mut Watch<'static, I8, 32, [i8; 16]>, map: &[i8]) -> Result<Option<Event>, Error> {
        Watch::frame(watch, map)
    }

    fn watch_see(watch: &mut Watch<'static, I8>, camera: Camera, memory: &'static mut [u8]) -> Result<(), Error> {
        Watch::see(watch, camera, memory)
    }

    fn watch_frame(watch: &mut Watch<'_, I8>, map: &[i8]) -> Result<Option<Event>, Error> {
        Watch::frame(watch, map)
    }

    fn watch_frame_f32(watch: &mut Watch<'_, F32>, map: &[f32]) -> Result<Option<Event>, Error> {
        Watch::frame(watch, map)
    }

    fn watch_seeing(watch: Watch<'static, I8>, camera: Camera, memory: &'static mut [u8]) -> Result<Watch<'static, I8>, Error> {
        Watch::seeing(watch, camera, memory)
    }

    fn watch_frame_with(watch: &mut Watch<'_, I8>, map: &[i8], luma: &[u8], stride: usize) -> Result<Option<Event>, Error> {
        Watch::frame_with(watch, map, Picture::new(luma, stride))
    }

    fn watch_chunks(watch: &mut Watch<'_, I8>, map: &[i8], row: &[u8], region: &[u8]) -> Result<Option<Event>, Error> {
        let mut open = Watch::open(watch);
        Open::within(&mut open, region)?;
        Open::occupied(&mut open, true);
        Open::map(&mut open, map)?;
        Open::picture_row(&mut open, row)?;
        Open::finish(open)
    }

    fn watch_paused(watch: &mut Watch<'_, I8>, frame: Paused<I8>, map: &[i8]) -> Result<(Paused<I8>, usize), Error> {
        let pixels = Watch::pixels(watch);
        let mut open = Watch::resume(watch, frame, None)?;
        Open::map(&mut open, map)?;
        Ok((Open::pause(open), pixels))
    }

    fn watch_restore(watch: &mut Watch<'_, I8>, learnt: &Learnt) -> Result<Option<Frame>, Error> {
        Watch::restore(watch, learnt)?;
        Ok(Watch::seen(watch).copied())
    }

    fn class_update_planar(classes: &mut ClassConfidence<I8, 3>, plane: &[i8]) -> Result<(), Error> {
        ClassConfidence::update_planar(classes, [plane, plane, plane])
    }

    fn frame_scored(frame: Frame, mean: Option<u16>) -> Frame {
        Frame::scored(frame, mean)
    }

    fn class_watch_new(
        buffer: &'static mut [u8],
        settings: Settings,
        camera: Camera,
        memory: &'static mut [u8]
    ) -> Result<ClassWatch<'static, I8, 3>, Error> {
        ClassWatch::seeing(ClassWatch::new(I8::TFLITE, Some(0), buffer, settings)?, camera, memory)
    }

    fn class_watch_owning(settings: Settings) -> Result<ClassWatch<'static, I8, 3, 32, [u8; 16]>, Error> {
        ClassWatch::owning(I8::TFLITE, Some(0), [0; 16], settings)
    }

    fn class_watch_see(watch: &mut ClassWatch<'static, I8, 3>, camera: Camera, memory: &'static mut [u8]) -> Result<(), Error> {
        ClassWatch::see(watch, camera, memory)
    }

    fn class_watch_frame(watch: &mut ClassWatch<'_, I8, 3>, map: &[i8]) -> Result<Option<Event>, Error> {
        ClassWatch::frame(watch, map)
    }

    fn class_watch_frame_with(watch: &mut ClassWatch<'_, I8, 3>, map: &[i8], luma: &[u8]) -> Result<Option<Event>, Error> {
        ClassWatch::frame_with(watch, map, Picture::new(luma, 64))
    }

    fn class_watch_planar(watch: &mut ClassWatch<'_, I8, 3>, plane: &[i8], luma: &[u8]) -> Result<Option<Event>, Error> {
        ClassWatch::frame_planar(watch, [plane, plane, plane], Some(Picture::new(luma, 64)))
    }

    fn class_watch_chunks(
        watch: &mut ClassWatch<'_, I8, 3>,
        map: &[i8],
        row: &[u8],
        region: &[u8]
    ) -> Result<Option<Event>, Error> {
        let mut open = ClassWatch::open(watch);
        OpenClasses::within(&mut open, region)?;
        OpenClasses::occupied(&mut open, true);
        OpenClasses::map(&mut open, map)?;
        OpenClasses::planes(&mut open, [map, map, map])?;
        OpenClasses::picture_row(&mut open, row)?;
        OpenClasses::finish(open)
    }

    fn class_watch_restore(watch: &mut ClassWatch<'_, I8, 3>, learnt: &Learnt) -> Result<Option<Frame>, Error> {
        ClassWatch::restore(watch, learnt)?;
        Ok(ClassWatch::seen(watch).copied())
    }

    fn class_watch_state(watch: &mut ClassWatch<'_, I8, 3>) -> (State, State, Report, Option<Record>, Option<Record>) {
        ClassWatch::dropped(watch);
        let (report, sums) = (ClassWatch::report(watch), ClassConfidence::class(ClassWatch::sums(watch), 1));
        let class = ClassWatch::class(watch, 2);
        ClassWatch::reset(watch);
        (ClassWatch::state(watch), Monitor::state(ClassWatch::monitor(watch)), report, sums, class)
    }

    fn formats(format: Format) -> usize {
        Format::bytes(format)
    }

    fn camera_luma(width: usize) -> Camera {
        Camera::luma(width)
    }

    fn camera(camera: Camera) -> (usize, usize) {
        (Camera::bytes(camera), Camera::row_bytes(camera))
    }

    fn watch_dropped(watch: &mut Watch<'_, I8>) -> Option<Event> {
        Watch::dropped(watch)
    }

    fn watch_report(watch: &Watch<'_, I8>) -> Report {
        Watch::report(watch)
    }

    fn watch_state(watch: &mut Watch<'_, I8>) -> (State, State, u64) {
        Watch::reset(watch);
        (Watch::state(watch), Monitor::state(Watch::monitor(watch)), Sums::count(Watch::sums(watch)))
    }
}
