/* Every function of a watch, and every refusal: the same program on a board and on a PC, whose output must be the same. It
   fails if a report or a status is not what it should be. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "soft_dice.h"

#define SIDE 16
#define PIXELS (SIDE * SIDE)
#define FRAMES 24

static int failures;

static void expect(const char *what, bool good) {
    if (!good) {
        printf("FAILED %s\n", what);
        failures += 1;
    }
}

static uint8_t grey[PIXELS];
static int8_t codes[PIXELS];
static uint16_t words[PIXELS];
static int16_t q15[PIXELS];
static float floats[PIXELS];
static uint8_t luma[PIXELS];
static uint8_t region[PIXELS];

/* A square with a soft, trembling edge on a picture that has it too; mirrored from frame 16 on. */
static void network(int frame) {
    for (int at = 0; at < PIXELS; at++) {
        const int column = at % SIDE, row = at / SIDE;
        const int x = frame < 16 ? column : SIDE - 1 - column;
        const bool inside = x >= 2 && x < 8 && row >= 3 && row < 12;
        const int edge = (at * 7 + frame * 3) % 9;
        grey[at] = (uint8_t)(inside ? 250 - edge : edge);
        codes[at] = (int8_t)(grey[at] - 128);
        words[at] = (uint16_t)(grey[at] * 257);
        q15[at] = (int16_t)(grey[at] * 128);
        floats[at] = (float)grey[at] / 256.0f;
        luma[at] = (uint8_t)(column >= 2 && column < 8 && row >= 3 && row < 12 ? 200 : 20 + (column * row) % 7);
        region[at] = (uint8_t)(row < 14);
    }
}

static void print_report(const soft_dice_watch *watch) {
    soft_dice_report report = SOFT_DICE_REPORT_INIT;
    soft_dice_learnt learnt = SOFT_DICE_LEARNT_INIT;
    soft_dice_state state = SOFT_DICE_FAILED;
    expect("report", soft_dice_watch_report(watch, &report) == SOFT_DICE_OK);
    expect("learnt", soft_dice_watch_learnt(watch, &learnt) == SOFT_DICE_OK);
    expect("state", soft_dice_watch_state(watch, &state) == SOFT_DICE_OK && state == report.state);
    unsigned char bytes[sizeof report + sizeof learnt];
    memcpy(bytes, &report, sizeof report);
    memcpy(bytes + sizeof report, &learnt, sizeof learnt);
    printf("  %s, %s:", soft_dice_state_text(report.state), soft_dice_cause_text(report.cause));
    for (size_t at = 0; at < sizeof bytes; at++) {
        printf("%02x", bytes[at]);
    }
    for (soft_dice_signal signal = SOFT_DICE_CONFIDENCE; signal <= SOFT_DICE_DETAIL; signal++) {
        soft_dice_signal_status one = SOFT_DICE_SIGNAL_STATUS_INIT;
        expect("signal", soft_dice_watch_signal(watch, signal, &one) == SOFT_DICE_OK && one.phase == report.phases[signal]);
        printf(" %s %u %u %u %u", soft_dice_phase_text(one.phase), one.reading, one.baseline, one.allowance, one.over);
    }
    printf("\n");
}

static void print_event(const char *name, const soft_dice_event *event) {
    if (event->changed != 0) {
        printf("%s frame %lu: %s -> %s, %s, %u/256\n", name, (unsigned long)event->frame, soft_dice_state_text(event->from),
               soft_dice_state_text(event->to), soft_dice_cause_text(event->cause), event->over);
    }
}

static soft_dice_watch watch, other;
static uint8_t last[PIXELS], last_of_other[PIXELS], rows[SOFT_DICE_CAMERA_BYTES(SIDE, 1)], rows_of_other[sizeof rows];
static const soft_dice_settings general = SOFT_DICE_SETTINGS_INIT;

/* One element: whole maps with a picture by one watch, the same in chunks and rows by another, which must agree. */
#define RUN(element, map)                                                                                                  \
    static void run_##element(void) {                                                                                      \
        soft_dice_watch_setup setup = SOFT_DICE_WATCH_SETUP_INIT(last, PIXELS);                                            \
        soft_dice_event event, in_chunks;                                                                                  \
        setup.rows = rows;                                                                                                 \
        setup.rows_bytes = sizeof rows;                                                                                    \
        setup.camera.width = SIDE;                                                                                         \
        setup.camera.every = 1;                                                                                            \
        const soft_dice_##element whole = map;                                                                             \
        expect(#element, soft_dice_watch_init_##element(&watch, &whole, &setup) == SOFT_DICE_OK);                          \
        const soft_dice_own half = SOFT_DICE_OWN_INIT;                                                                     \
        setup.last = last_of_other;                                                                                        \
        setup.rows = rows_of_other;                                                                                        \
        setup.settings = &general;                                                                                         \
        setup.mask = &half;                                                                                                \
        expect(#element, soft_dice_watch_init_##element(&other, &whole, &setup) == SOFT_DICE_OK);                          \
        for (int frame = 0; frame < FRAMES; frame++) {                                                                     \
            network(frame);                                                                                                \
            const soft_dice_picture picture = SOFT_DICE_PICTURE_INIT(luma, PIXELS, SIDE);                                  \
            expect("frame", soft_dice_watch_frame_##element(&watch, &whole, &picture, &event) == SOFT_DICE_OK);            \
            expect("begin", soft_dice_watch_begin_##element(&other, NULL, 0) == SOFT_DICE_OK);                             \
            for (size_t row = 0; row < SIDE; row++) {                                                                      \
                soft_dice_##element part = map;                                                                            \
                part.data += row * SIDE;                                                                                   \
                part.pixels = SIDE;                                                                                        \
                expect("chunk", soft_dice_watch_chunk_##element(&other, &part) == SOFT_DICE_OK);                           \
                expect("row", soft_dice_watch_row_##element(&other, luma + row * SIDE, SIDE) == SOFT_DICE_OK);             \
            }                                                                                                              \
            expect("finish", soft_dice_watch_finish_##element(&other, &in_chunks) == SOFT_DICE_OK);                        \
            expect("chunks", memcmp(&event, &in_chunks, sizeof event) == 0);                                               \
            print_event(#element, &event);                                                                                 \
        }                                                                                                                  \
        print_report(&watch);                                                                                              \
        print_report(&other);                                                                                              \
        soft_dice_sums own = SOFT_DICE_SUMS_INIT, again = SOFT_DICE_SUMS_INIT;                                             \
        const soft_dice_own mask = SOFT_DICE_OWN_INIT;                                                                     \
        expect("sums", soft_dice_watch_sums_##element(&watch, &own) == SOFT_DICE_OK);                                      \
        expect("sums", soft_dice_update_##element##_own(&again, &whole, &mask, NULL) == SOFT_DICE_OK);                     \
        expect("the sums are those of the map", memcmp(&own, &again, sizeof own) == 0);                                    \
        /* What was learnt goes on in another watch, and a region and what else is known are taken. */                     \
        soft_dice_learnt learnt = SOFT_DICE_LEARNT_INIT;                                                                   \
        expect("learnt", soft_dice_watch_learnt(&watch, &learnt) == SOFT_DICE_OK);                                         \
        expect("reset", soft_dice_watch_reset(&other) == SOFT_DICE_OK);                                                    \
        expect("restore", soft_dice_watch_restore(&other, &learnt) == SOFT_DICE_OK);                                       \
        expect("begin", soft_dice_watch_begin_##element(&other, region, PIXELS) == SOFT_DICE_OK);                          \
        expect("occupied", soft_dice_watch_occupied_##element(&other, 1) == SOFT_DICE_OK);                                 \
        expect("chunk", soft_dice_watch_chunk_##element(&other, &whole) == SOFT_DICE_OK);                                  \
        expect("finish", soft_dice_watch_finish_##element(&other, &event) == SOFT_DICE_OK);                                \
        expect("dropped", soft_dice_watch_dropped(&other, &event) == SOFT_DICE_OK);                                        \
        print_report(&other);                                                                                              \
    }

RUN(u8, SOFT_DICE_U8_INIT(grey, PIXELS))
RUN(i8, SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8))
RUN(affine_u8, SOFT_DICE_AFFINE_U8_INIT(grey, PIXELS, SOFT_DICE_TFLITE_U8))
RUN(u16, SOFT_DICE_U16_INIT(words, PIXELS))
RUN(q15, SOFT_DICE_Q15_INIT(q15, PIXELS))
RUN(f32, SOFT_DICE_F32_INIT(floats, PIXELS))

/* Frames that are summed elsewhere. */
static void frames(void) {
    soft_dice_event event;
    expect("init", soft_dice_watch_init_frames(&watch, NULL) == SOFT_DICE_OK);
    for (int frame = 0; frame < FRAMES; frame++) {
        soft_dice_sums own = SOFT_DICE_SUMS_INIT;
        soft_dice_outlined seen = SOFT_DICE_OUTLINED_INIT;
        network(frame);
        expect("own", soft_dice_add_i8_own(&own, codes, PIXELS) == SOFT_DICE_OK);
        seen.pixels = PIXELS;
        seen.everywhere = PIXELS * 10;
        seen.boundary = 30;
        seen.under = frame < 16 ? 30 * 60 : 30 * 4;
        soft_dice_frame one = SOFT_DICE_FRAME_INIT(&own);
        one.outlined = &seen;
        one.occupied = (uint8_t)(frame % 3);
        expect("observe", soft_dice_watch_observe(&watch, &one, &event) == SOFT_DICE_OK);
        print_event("frames", &event);
    }
    print_report(&watch);
    soft_dice_settings found;
    expect("general settings", soft_dice_settings_default(&found) == SOFT_DICE_OK);
    expect("the macro is the function", memcmp(&found, &general, sizeof found) == 0);
}

/* Everything that can be wrong: the status, and a watch as it was. */
static void refusals(void) {
    soft_dice_watch before;
    soft_dice_event event = SOFT_DICE_EVENT_INIT, untouched = SOFT_DICE_EVENT_INIT;
    soft_dice_watch_setup setup = SOFT_DICE_WATCH_SETUP_INIT(last, PIXELS);
    soft_dice_i8 map = SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8);
    const soft_dice_u8 bytes = SOFT_DICE_U8_INIT(grey, PIXELS);
    network(0);
    expect("init", soft_dice_watch_init_i8(&watch, &map, &setup) == SOFT_DICE_OK);
    expect("frame", soft_dice_watch_frame_i8(&watch, &map, NULL, &event) == SOFT_DICE_OK);
    event = untouched;
    memcpy(&before, &watch, sizeof before);

#define REFUSED(wanted, call)                                                                                              \
    do {                                                                                                                   \
        const soft_dice_status got = (call);                                                                               \
        const bool same = memcmp(before.held, watch.held, sizeof before.held) == 0 && memcmp(&event, &untouched, sizeof event) == 0; \
        printf("refused %s: %s, unchanged %d\n", #wanted, soft_dice_text((int32_t)got), same);                             \
        expect(#call, got == (wanted) && same);                                                                            \
    } while (0)

    soft_dice_report report;
    soft_dice_learnt learnt = SOFT_DICE_LEARNT_INIT;
    soft_dice_settings odd = general;
    soft_dice_watch *const skew = (soft_dice_watch *)(void *)((unsigned char *)&watch + 1);
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_frame_i8(NULL, &map, NULL, &event));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_frame_i8(&watch, NULL, NULL, &event));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_frame_i8(&watch, &map, NULL, NULL));
    REFUSED(SOFT_DICE_MISALIGNED, soft_dice_watch_frame_i8(skew, &map, NULL, &event));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_report(NULL, &report));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_report(&watch, NULL));
    REFUSED(SOFT_DICE_MISALIGNED, soft_dice_watch_report(skew, &report));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_init_i8(NULL, &map, &setup));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_init_i8(&watch, NULL, &setup));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_init_i8(&watch, &map, NULL));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_dropped(NULL, &event));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_dropped(&watch, NULL));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_reset(NULL));
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_restore(&watch, NULL));
    REFUSED(SOFT_DICE_VERSION, soft_dice_watch_restore(&watch, &learnt));
    REFUSED(SOFT_DICE_SETTING, soft_dice_watch_signal(&watch, 9, &(soft_dice_signal_status)SOFT_DICE_SIGNAL_STATUS_INIT));

    /* Lengths, absurd ones among them, and buffers that lie in one another. */
    soft_dice_i8 part = map;
    part.pixels = PIXELS - 1;
    REFUSED(SOFT_DICE_LENGTH, soft_dice_watch_frame_i8(&watch, &part, NULL, &event));
    part.pixels = SIZE_MAX;
    REFUSED(SOFT_DICE_TOO_LONG, soft_dice_watch_frame_i8(&watch, &part, NULL, &event));
    part.data = NULL;
    part.pixels = PIXELS;
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_frame_i8(&watch, &part, NULL, &event));
    part.data = (const int8_t *)last;
    REFUSED(SOFT_DICE_OVERLAP, soft_dice_watch_frame_i8(&watch, &part, NULL, &event));
    setup.last_bytes = PIXELS / 2;
    REFUSED(SOFT_DICE_LENGTH, soft_dice_watch_init_i8(&watch, &map, &setup));
    setup.last_bytes = PIXELS;
    setup.last = (uint8_t *)&watch;
    REFUSED(SOFT_DICE_OVERLAP, soft_dice_watch_init_i8(&watch, &map, &setup));
    setup.last = last;
    setup.rows = last + 8;
    setup.rows_bytes = 8;
    REFUSED(SOFT_DICE_OVERLAP, soft_dice_watch_init_i8(&watch, &map, &setup));
    setup.rows = rows;
    setup.rows_bytes = 8;
    setup.camera.width = SIDE;
    setup.camera.every = 1;
    REFUSED(SOFT_DICE_LENGTH, soft_dice_watch_init_i8(&watch, &map, &setup));
    setup.rows_bytes = sizeof rows;
    setup.camera.every = 0;
    REFUSED(SOFT_DICE_SETTING, soft_dice_watch_init_i8(&watch, &map, &setup));
    setup.camera.every = 1;
    setup.camera.format = 9;
    REFUSED(SOFT_DICE_SETTING, soft_dice_watch_init_i8(&watch, &map, &setup));
    setup.camera.width = SIZE_MAX;
    setup.camera.format = SOFT_DICE_LUMA;
    REFUSED(SOFT_DICE_ROWS, soft_dice_watch_init_i8(&watch, &map, &setup));
    setup.camera.width = 0;

    /* Settings: of another version, unknown values, out of range. */
    setup.settings = &odd;
    odd.version = 77;
    REFUSED(SOFT_DICE_VERSION, soft_dice_watch_init_i8(&watch, &map, &setup));
    odd = general;
    odd.edge.baseline = 9;
    REFUSED(SOFT_DICE_SETTING, soft_dice_watch_init_i8(&watch, &map, &setup));
    odd = general;
    odd.confidence.baseline = SOFT_DICE_NOT_WATCHED;
    REFUSED(SOFT_DICE_SETTING, soft_dice_watch_init_i8(&watch, &map, &setup));
    odd = general;
    odd.failed_after = 0;
    REFUSED(SOFT_DICE_SETTING, soft_dice_watch_init_i8(&watch, &map, &setup));
    expect("learnt", soft_dice_watch_learnt(&watch, &learnt) == SOFT_DICE_OK);
    learnt.edge.phase = 9;
    REFUSED(SOFT_DICE_SETTING, soft_dice_watch_restore(&watch, &learnt));

    /* Another element's functions, chunks without a frame, pictures without a camera. */
    const soft_dice_picture picture = SOFT_DICE_PICTURE_INIT(luma, PIXELS, SIDE);
    REFUSED(SOFT_DICE_VERSION, soft_dice_watch_frame_u8(&watch, &bytes, NULL, &event));
    soft_dice_i8 scaled = SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_ONNXRUNTIME_I8);
    REFUSED(SOFT_DICE_MISMATCH, soft_dice_watch_frame_i8(&watch, &scaled, NULL, &event));
    REFUSED(SOFT_DICE_ROWS, soft_dice_watch_frame_i8(&watch, &map, &picture, &event));
    REFUSED(SOFT_DICE_ORDER, soft_dice_watch_chunk_i8(&watch, &map));
    REFUSED(SOFT_DICE_ORDER, soft_dice_watch_row_i8(&watch, luma, SIDE));
    REFUSED(SOFT_DICE_ORDER, soft_dice_watch_occupied_i8(&watch, 1));
    REFUSED(SOFT_DICE_ORDER, soft_dice_watch_finish_i8(&watch, &event));
    REFUSED(SOFT_DICE_LENGTH, soft_dice_watch_begin_i8(&watch, region, PIXELS - 1));
    REFUSED(SOFT_DICE_LENGTH, soft_dice_watch_begin_i8(&watch, NULL, 5));
    REFUSED(SOFT_DICE_OVERLAP, soft_dice_watch_begin_i8(&watch, last, PIXELS));
    const soft_dice_frame none = SOFT_DICE_FRAME_INIT(NULL);
    REFUSED(SOFT_DICE_NULL, soft_dice_watch_observe(&watch, &none, &event));
    const soft_dice_sums empty = SOFT_DICE_SUMS_INIT;
    const soft_dice_frame unseen = SOFT_DICE_FRAME_INIT(&empty);
    expect("no pixel", soft_dice_watch_observe(&watch, &unseen, &event) != SOFT_DICE_OK);
    expect("begin", soft_dice_watch_begin_i8(&watch, NULL, 0) == SOFT_DICE_OK);
    memcpy(&before, &watch, sizeof before);
    REFUSED(SOFT_DICE_ORDER, soft_dice_watch_begin_i8(&watch, NULL, 0));
    REFUSED(SOFT_DICE_ORDER, soft_dice_watch_frame_i8(&watch, &map, NULL, &event));
    REFUSED(SOFT_DICE_LENGTH, soft_dice_watch_finish_i8(&watch, &event));

    /* Never begun, overwritten at each byte in turn, and of another version. */
    memset(&watch, 0, sizeof watch);
    memcpy(&before, &watch, sizeof before);
    REFUSED(SOFT_DICE_VERSION, soft_dice_watch_frame_i8(&watch, &map, NULL, &event));
    REFUSED(SOFT_DICE_VERSION, soft_dice_watch_report(&watch, &report));
    memset(&watch, 0xA5, sizeof watch);
    memcpy(&before, &watch, sizeof before);
    REFUSED(SOFT_DICE_VERSION, soft_dice_watch_frame_i8(&watch, &map, NULL, &event));
    REFUSED(SOFT_DICE_VERSION, soft_dice_watch_dropped(&watch, &event));
    REFUSED(SOFT_DICE_VERSION, soft_dice_watch_learnt(&watch, &learnt));
    setup.settings = NULL;
    setup.rows = NULL;
    setup.rows_bytes = 0;
    expect("init", soft_dice_watch_init_i8(&watch, &map, &setup) == SOFT_DICE_OK);
    memcpy(&before, &watch, sizeof before);
    for (size_t at = 0; at < 1200; at += 37) {
        unsigned char *const byte = (unsigned char *)&watch + at;
        *byte ^= 0x10;
        expect("an overwritten byte is seen", soft_dice_watch_frame_i8(&watch, &map, NULL, &event) == SOFT_DICE_VERSION);
        expect("by a reader too", soft_dice_watch_report(&watch, &report) == SOFT_DICE_VERSION);
        *byte ^= 0x10;
    }
    expect("nothing was changed", memcmp(&before, &watch, sizeof before) == 0);
    watch.seal[0] ^= 0x300;
    REFUSED(SOFT_DICE_VERSION, soft_dice_watch_frame_i8(&watch, &map, NULL, &event));
}

/* The memory that the macro counts for a camera is what the library asks for, to the byte. */
static void camera_memory(void) {
    static const size_t widths[] = {1, 3, 4, 5, 16, 31, 32, 33, 64};
    static uint8_t map_room[64], row_room[SOFT_DICE_CAMERA_BYTES(64, 2)];
    for (size_t at = 0; at < sizeof widths / sizeof widths[0]; at++) {
        for (uint8_t every = 1; every <= 2; every++) {
            const soft_dice_u8 line = SOFT_DICE_U8_INIT(NULL, widths[at]);
            soft_dice_watch_setup setup = SOFT_DICE_WATCH_SETUP_INIT(map_room, widths[at]);
            setup.camera.width = widths[at];
            setup.camera.every = every;
            setup.rows = row_room;
            setup.rows_bytes = SOFT_DICE_CAMERA_BYTES(widths[at], every);
            expect("memory for a camera", soft_dice_watch_init_u8(&watch, &line, &setup) == SOFT_DICE_OK);
            setup.rows_bytes -= 1;
            expect("a byte less", soft_dice_watch_init_u8(&watch, &line, &setup) == SOFT_DICE_LENGTH);
        }
    }
}

/* Records as a host reads them: what they begin with, and how many bytes they are. */
static void packed(void) {
    const soft_dice_i8 map = SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8);
    const soft_dice_watch_setup setup = SOFT_DICE_WATCH_SETUP_INIT(last, PIXELS);
    static uint8_t bytes[SOFT_DICE_PACKED_BYTES(soft_dice_sums)];
    soft_dice_event event = SOFT_DICE_EVENT_INIT;
    soft_dice_report report = SOFT_DICE_REPORT_INIT;
    soft_dice_sums sums = SOFT_DICE_SUMS_INIT;
    size_t written = 77;
    expect("init", soft_dice_watch_init_i8(&watch, &map, &setup) == SOFT_DICE_OK);
    for (int frame = 0; frame < 8; frame++) {
        network(frame);
        expect("frame", soft_dice_watch_frame_i8(&watch, &map, NULL, &event) == SOFT_DICE_OK);
        expect("event", soft_dice_pack_event(&event, bytes, sizeof bytes, &written) == SOFT_DICE_OK);
        expect("no event, no record", (written == 0) == (event.changed == 0));
        expect("report", soft_dice_watch_report(&watch, &report) == SOFT_DICE_OK);
        expect("report", soft_dice_pack_report(&report, bytes, sizeof bytes, &written) == SOFT_DICE_OK);
        expect("report", written == SOFT_DICE_PACKED_BYTES(soft_dice_report) && bytes[0] == SOFT_DICE_PACKED_MARK);
        expect("sums", soft_dice_watch_sums_i8(&watch, &sums) == SOFT_DICE_OK);
        expect("sums", soft_dice_pack_sums(&sums, bytes, sizeof bytes, &written) == SOFT_DICE_OK && written == sizeof bytes);
        printf("packed %02x%02x\n", bytes[written - 2], bytes[written - 1]);
    }
    expect("room", soft_dice_pack_sums(&sums, bytes, sizeof bytes - 1, &written) == SOFT_DICE_LENGTH && written == sizeof bytes);
    expect("null", soft_dice_pack_sums(NULL, bytes, sizeof bytes, &written) == SOFT_DICE_NULL);
    expect("null", soft_dice_pack_sums(&sums, NULL, sizeof bytes, &written) == SOFT_DICE_NULL);
    expect("null", soft_dice_pack_sums(&sums, bytes, sizeof bytes, NULL) == SOFT_DICE_NULL);
    expect("overlap", soft_dice_pack_sums(&sums, (uint8_t *)&sums, sizeof sums, &written) == SOFT_DICE_OVERLAP);
    expect("long", soft_dice_pack_event(&event, bytes, SIZE_MAX, &written) == SOFT_DICE_TOO_LONG);
}

int main(void) {
    run_u8();
    run_i8();
    run_affine_u8();
    run_u16();
    run_q15();
    run_f32();
    frames();
    refusals();
    camera_memory();
    packed();
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
