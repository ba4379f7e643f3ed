/* Every struct of the header by its initialiser, and comparisons as firmware writes them: what compilers and cppcheck read. */
#include "soft_dice.h"

static int8_t output[16];
static uint8_t bytes[16];
static int16_t words[16];
static uint16_t halves[16];
static float floats[16];
static uint8_t last[16];
static uint8_t rows[SOFT_DICE_CAMERA_BYTES(4u, 2u)];
static soft_dice_watch watch = SOFT_DICE_WATCH_INIT;

soft_dice_status every_struct(soft_dice_report *report);

soft_dice_status every_struct(soft_dice_report *report) {
    const soft_dice_affine codes = SOFT_DICE_AFFINE_INIT(0.00390625f, -128);
    const soft_dice_u8 grey = SOFT_DICE_U8_INIT(bytes, 16u);
    const soft_dice_i8 map = SOFT_DICE_I8_INIT(output, 16u, SOFT_DICE_TFLITE_I8);
    const soft_dice_affine_u8 other = SOFT_DICE_AFFINE_U8_INIT(bytes, 16u, SOFT_DICE_ONNXRUNTIME_U8);
    const soft_dice_u16 wide = SOFT_DICE_U16_INIT(halves, 16u);
    const soft_dice_q15 fixed = SOFT_DICE_Q15_INIT(words, 16u);
    const soft_dice_f32 real = SOFT_DICE_F32_INIT(floats, 16u);
    const soft_dice_mask mask = SOFT_DICE_MASK_INIT(bytes, 16u, SOFT_DICE_NON_ZERO);
    const soft_dice_bits bits = SOFT_DICE_BITS_INIT(bytes, 2u, SOFT_DICE_LSB_FIRST);
    const soft_dice_labels labels = SOFT_DICE_LABELS_INIT(bytes, 16u, 1u);
    const soft_dice_own own = SOFT_DICE_OWN_INIT;
    const soft_dice_rows window = SOFT_DICE_ROWS_INIT(4u, 4u);
    const soft_dice_region region = SOFT_DICE_REGION_INIT(bytes, 16u, SOFT_DICE_REGION_BYTES);
    const soft_dice_channels channels = SOFT_DICE_CHANNELS_INIT(4u);
    const soft_dice_f32fine fine = SOFT_DICE_F32FINE_INIT(floats, 16u);
    const soft_dice_f16 half = SOFT_DICE_F16_INIT(halves, 16u);
    const soft_dice_mask01 ones = SOFT_DICE_MASK01_INIT(bytes, 16u);
    const soft_dice_mask255 full = SOFT_DICE_MASK255_INIT(bytes, 16u);
    const soft_dice_sigmoid sigmoid = SOFT_DICE_SIGMOID_INIT;
    const soft_dice_softmax softmax = SOFT_DICE_SOFTMAX_INIT;
    const soft_dice_logits_i8 logits = SOFT_DICE_LOGITS_I8_INIT(output, 16u, &sigmoid);
    const soft_dice_logits_u8 unsigned_logits = SOFT_DICE_LOGITS_U8_INIT(bytes, 16u, &sigmoid);
    const soft_dice_logits_f32 real_logits = SOFT_DICE_LOGITS_F32_INIT(floats, 16u);
    const soft_dice_histogram histogram = SOFT_DICE_HISTOGRAM_INIT;
    const soft_dice_best best = SOFT_DICE_BEST_INIT;
    const soft_dice_average average = SOFT_DICE_AVERAGE_INIT(SOFT_DICE_MICRO);
    const soft_dice_generalised generalised = SOFT_DICE_GENERALISED_INIT;
    const soft_dice_score score = SOFT_DICE_SCORE_INIT(SOFT_DICE_DICE);
    const soft_dice_settings settings = SOFT_DICE_SETTINGS_INIT;
    const soft_dice_watched watched = SOFT_DICE_WATCHED_INIT;
    const soft_dice_drift drift = SOFT_DICE_DRIFT_INIT(819u, 819u);
    const soft_dice_camera camera = SOFT_DICE_CAMERA_INIT(4u, 2u, SOFT_DICE_RGB565);
    const soft_dice_picture picture = SOFT_DICE_PICTURE_INIT(bytes, 16u, 4u);
    const soft_dice_outlined outlined = SOFT_DICE_OUTLINED_INIT;
    const soft_dice_level level = SOFT_DICE_LEVEL_INIT;
    const soft_dice_unit unit = SOFT_DICE_UNIT_INIT;
    const soft_dice_u128 zero = SOFT_DICE_U128_INIT;
    soft_dice_watch_setup setup = SOFT_DICE_WATCH_SETUP_INIT(last, 16u);
    soft_dice_sums sums = SOFT_DICE_SUMS_INIT;
    soft_dice_sums grid[2] = {SOFT_DICE_SUMS_INIT, SOFT_DICE_SUMS_INIT};
    const soft_dice_tiles tiles = SOFT_DICE_TILES_INIT(grid, 4u, 4u, 2u, 1u);
    soft_dice_frame frame = SOFT_DICE_FRAME_INIT(&sums);
    soft_dice_mean mean = SOFT_DICE_MEAN_INIT;
    soft_dice_learnt learnt = SOFT_DICE_LEARNT_INIT;
    soft_dice_event event = SOFT_DICE_EVENT_INIT;
    soft_dice_signal_status signal = SOFT_DICE_SIGNAL_STATUS_INIT;
    soft_dice_status status;

    (void)codes;
    (void)grey;
    (void)other;
    (void)wide;
    (void)fixed;
    (void)real;
    (void)bits;
    (void)labels;
    (void)own;
    (void)window;
    (void)region;
    (void)channels;
    (void)fine;
    (void)half;
    (void)ones;
    (void)full;
    (void)softmax;
    (void)logits;
    (void)unsigned_logits;
    (void)real_logits;
    (void)histogram;
    (void)best;
    (void)tiles;
    (void)average;
    (void)generalised;
    (void)watched;
    (void)drift;
    (void)outlined;
    (void)level;
    (void)unit;
    (void)zero;
    (void)mean;
    frame.occupied = 2u;
    (void)frame;
    setup.settings = &settings;
    setup.camera = camera;
    setup.rows = rows;
    setup.rows_bytes = sizeof(rows);
    status = soft_dice_watch_init_i8(&watch, &map, &setup);
    if (status == SOFT_DICE_OK) {
        status = soft_dice_watch_frame_i8(&watch, &map, &picture, &event);
    }
    if ((status == SOFT_DICE_OK) && (event.changed != 0u) && (event.to == SOFT_DICE_DEGRADED) &&
        (event.cause == SOFT_DICE_CAUSE_DRIFT)) {
        status = soft_dice_watch_learnt(&watch, &learnt);
    }
    if (status == SOFT_DICE_OK) {
        status = soft_dice_watch_signal(&watch, SOFT_DICE_CONFIDENCE, &signal);
    }
    if ((status == SOFT_DICE_OK) && (signal.phase == SOFT_DICE_PHASE_SETTLED)) {
        status = soft_dice_update_i8_mask(&sums, &map, &mask, NULL);
    }
    if (status == SOFT_DICE_OK) {
        int32_t q15 = 0;
        status = soft_dice_score_q15(&score, &sums, &q15);
    }
    if (status == SOFT_DICE_OK) {
        status = soft_dice_watch_report(&watch, report);
    }
    if ((status == SOFT_DICE_OK) && ((report->present & SOFT_DICE_HAS_EDGE) != 0u) && (report->state == SOFT_DICE_HEALTHY)) {
        status = soft_dice_watch_reset(&watch);
    }
    return status;
}
