/* Tiles and histograms: the same on a board and on a PC, what the plain updates give, and each function's refusals. It fails if a
   status or a sum is not what it should be. */
#include <stdio.h>
#include <string.h>

#include "soft_dice.h"

#define WIDTH 12u
#define HEIGHT 8u
#define PIXELS (WIDTH * HEIGHT)
#define COLUMNS 5u
#define ROWS 2u
#define TILES (COLUMNS * ROWS)

static int failures;

static uint8_t grey[PIXELS], labels[PIXELS], mask[PIXELS], wild[PIXELS], inside[PIXELS], bits[PIXELS / 8u];
static int8_t codes[PIXELS];
static uint16_t words[PIXELS];
static int16_t q15[PIXELS];
static float floats[PIXELS];

static void expect(const char *what, int good) {
    if (!good) {
        printf("FAILED %s\n", what);
        failures += 1;
    }
}

static void fill(void) {
    uint32_t random = 3;
    for (size_t at = 0; at < PIXELS; at++) {
        random = random * 1664525u + 1013904223u;
        grey[at] = (uint8_t)(random >> 24);
        codes[at] = (int8_t)(grey[at] - 128);
        words[at] = (uint16_t)(random >> 16);
        q15[at] = (int16_t)(random >> 17);
        floats[at] = (float)(random >> 8) / 16777216.0f;
        mask[at] = (uint8_t)(random >> 12 & 1u);
        wild[at] = at == 70u ? 2u : mask[at];
        labels[at] = (uint8_t)((random >> 9) % 3u);
        inside[at] = (uint8_t)(random >> 21 & 1u);
        bits[at / 8u] |= (uint8_t)(mask[at] << at % 8u);
    }
}

static void print(const char *what, const soft_dice_sums *sums) {
    const soft_dice_u128 wide[] = {sums->p, sums->t, sums->pt, sums->pp, sums->tt, sums->min_p, sums->min_t};
    printf("%s %lx %lx", what, (unsigned long)sums->count, (unsigned long)sums->ignored);
    for (size_t at = 0; at < sizeof wide / sizeof wide[0]; at++) {
        printf(" %llx:%llx", (unsigned long long)wide[at].high, (unsigned long long)wide[at].low);
    }
    printf("\n");
}

/* The map of each element. */
#define MAP_u8 SOFT_DICE_U8_INIT(grey, PIXELS)
#define MAP_i8 SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8)
#define MAP_affine_u8 SOFT_DICE_AFFINE_U8_INIT(grey, PIXELS, SOFT_DICE_ONNXRUNTIME_U8)
#define MAP_u16 SOFT_DICE_U16_INIT(words, PIXELS)
#define MAP_q15 SOFT_DICE_Q15_INIT(q15, PIXELS)
#define MAP_f32 SOFT_DICE_F32_INIT(floats, PIXELS)

/* Tiles. */

static soft_dice_sums sums[TILES], sums_before[TILES];
static soft_dice_tiles tiles, tiles_before;

static void begin(void) {
    const soft_dice_tiles grid = SOFT_DICE_TILES_INIT(sums, WIDTH, HEIGHT, COLUMNS, ROWS);
    const soft_dice_sums none = SOFT_DICE_SUMS_INIT;
    tiles = grid;
    for (size_t at = 0; at < TILES; at++) {
        sums[at] = none;
    }
}

/* A status, and tiles and sums as they were. */
#define REFUSED(wanted, call)                                                                                \
    do {                                                                                                     \
        tiles_before = tiles;                                                                                \
        memcpy(sums_before, sums, sizeof sums);                                                              \
        expect(#call, (call) == (wanted));                                                                   \
        expect(#call ": unchanged", memcmp(&tiles, &tiles_before, sizeof tiles) == 0);                       \
        expect(#call ": unchanged", memcmp(sums, sums_before, sizeof sums) == 0);                            \
    } while (0)

/* What each function refuses of the tiles, in a call in which they are named `into`. */
#define TILES_REFUSED(call)                                                                                  \
    do {                                                                                                     \
        soft_dice_tiles *into = NULL;                                                                        \
        REFUSED(SOFT_DICE_NULL, call);                                                                       \
        into = (soft_dice_tiles *)(void *)((unsigned char *)&tiles + 1);                                     \
        REFUSED(SOFT_DICE_MISALIGNED, call);                                                                 \
        into = &tiles;                                                                                       \
        tiles.version = 9u;                                                                                  \
        REFUSED(SOFT_DICE_VERSION, call);                                                                    \
        tiles.version = 0u;                                                                                  \
        REFUSED(SOFT_DICE_VERSION, call);                                                                    \
        tiles.version = SOFT_DICE_TILES_VERSION;                                                             \
        tiles.count = TILES - 1u;                                                                            \
        REFUSED(SOFT_DICE_CLASSES, call);                                                                    \
        tiles.count = 0u;                                                                                    \
        tiles.columns = 0u;                                                                                  \
        REFUSED(SOFT_DICE_ROWS, call);                                                                       \
        tiles.columns = WIDTH + 1u;                                                                          \
        tiles.count = ROWS * (WIDTH + 1u);                                                                   \
        REFUSED(SOFT_DICE_ROWS, call);                                                                       \
        tiles.columns = SIZE_MAX;                                                                            \
        REFUSED(SOFT_DICE_CLASSES, call);                                                                    \
        tiles.columns = COLUMNS;                                                                             \
        tiles.count = TILES;                                                                                 \
        tiles.width = SIZE_MAX;                                                                              \
        REFUSED(SOFT_DICE_ROWS, call);                                                                       \
        tiles.width = WIDTH;                                                                                 \
        tiles.height = 0u;                                                                                   \
        REFUSED(SOFT_DICE_ROWS, call);                                                                       \
        tiles.height = HEIGHT;                                                                               \
        tiles.at = PIXELS + 1u;                                                                              \
        REFUSED(SOFT_DICE_ROWS, call);                                                                       \
        tiles.at = 0u;                                                                                       \
    } while (0)

/* And of their sums. */
#define SUMS_REFUSED(call)                                                                                   \
    do {                                                                                                     \
        soft_dice_tiles *const into = &tiles;                                                                \
        tiles.sums = NULL;                                                                                   \
        REFUSED(SOFT_DICE_NULL, call);                                                                       \
        tiles.sums = (soft_dice_sums *)(void *)((unsigned char *)sums + 1);                                  \
        REFUSED(SOFT_DICE_MISALIGNED, call);                                                                 \
        tiles.sums = sums;                                                                                   \
        sums[TILES - 1u].version = 9u;                                                                       \
        REFUSED(SOFT_DICE_VERSION, call);                                                                    \
        sums[TILES - 1u].version = sums[0].version;                                                          \
    } while (0)

#define SLICE_mask(t, from, length) ((t).data = mask + (from), (t).pixels = (length))
#define SLICE_label(t, from, length) ((t).data = labels + (from), (t).pixels = (length))
#define SLICE_own(t, from, length) ((void)(from), (void)(length))

/* A frame in three chunks that end within rows: its tiles add up to what the plain update gives. */
#define TILED(element, target, buffer, against)                                                              \
    do {                                                                                                     \
        static const size_t ends[] = {0u, 17u, 70u, PIXELS};                                                 \
        const soft_dice_##element whole = MAP_##element;                                                     \
        soft_dice_##element p = MAP_##element;                                                               \
        against, u = t;                                                                                      \
        soft_dice_sums total = SOFT_DICE_SUMS_INIT, plain = SOFT_DICE_SUMS_INIT;                             \
        begin();                                                                                             \
        for (size_t chunk = 0; chunk < 3u; chunk++) {                                                        \
            p.data = (buffer) + ends[chunk];                                                                 \
            p.pixels = ends[chunk + 1u] - ends[chunk];                                                       \
            SLICE_##target(u, ends[chunk], p.pixels);                                                        \
            expect(#element, soft_dice_tiles_##element##_##target(&tiles, &p, &u) == SOFT_DICE_OK);          \
        }                                                                                                    \
        for (size_t at = 0; at < TILES; at++) {                                                              \
            print(#element " " #target, &sums[at]);                                                          \
        }                                                                                                    \
        expect(#element, soft_dice_update_##element##_##target(&plain, &whole, &t, NULL) == SOFT_DICE_OK);   \
        expect(#element, soft_dice_tiles_total(&tiles, &total) == SOFT_DICE_OK);                             \
        expect(#element " " #target ": the tiles are the frame", memcmp(&total, &plain, sizeof total) == 0); \
        SLICE_##target(u, 0u, 1u);                                                                           \
        p.data = buffer;                                                                                     \
        p.pixels = 1u;                                                                                       \
        REFUSED(SOFT_DICE_ROWS, soft_dice_tiles_##element##_##target(&tiles, &p, &u));                       \
        expect("next", soft_dice_tiles_next_frame(&tiles) == SOFT_DICE_OK && tiles.at == 0u);                \
        REFUSED(SOFT_DICE_NULL, soft_dice_tiles_##element##_##target(&tiles, NULL, &u));                     \
        REFUSED(SOFT_DICE_NULL, soft_dice_tiles_##element##_##target(&tiles, &p, NULL));                     \
        TILES_REFUSED(soft_dice_tiles_##element##_##target(into, &p, &u));                                   \
        SUMS_REFUSED(soft_dice_tiles_##element##_##target(into, &p, &u));                                    \
        sums[TILES - 1u].count = UINT64_C(1) << 40;                                                          \
        REFUSED(SOFT_DICE_CAPACITY, soft_dice_tiles_##element##_##target(&tiles, &p, &u));                   \
        p.pixels = SIZE_MAX;                                                                                 \
        REFUSED(SOFT_DICE_TOO_LONG, soft_dice_tiles_##element##_##target(&tiles, &p, &u));                   \
    } while (0)

#define TILES_OF(element, buffer)                                                                            \
    static void tiles_of_##element(void) {                                                                   \
        TILED(element, mask, buffer, soft_dice_mask t = SOFT_DICE_MASK_INIT(mask, PIXELS, SOFT_DICE_ZERO_ONE)); \
        TILED(element, label, buffer, soft_dice_labels t = SOFT_DICE_LABELS_INIT(labels, PIXELS, 1u));  \
        TILED(element, own, buffer, soft_dice_own t = SOFT_DICE_OWN_INIT);                              \
    }

TILES_OF(u8, grey)
TILES_OF(i8, codes)
TILES_OF(affine_u8, grey)
TILES_OF(u16, words)
TILES_OF(q15, q15)
TILES_OF(f32, floats)

/* What only looking at the pixels can tell: nothing of the chunk is added to any tile. */
static void pixels_refused(void) {
    const soft_dice_u8 p = SOFT_DICE_U8_INIT(grey, PIXELS);
    const soft_dice_mask broken = SOFT_DICE_MASK_INIT(wild, PIXELS, SOFT_DICE_ZERO_ONE);
    const soft_dice_mask unknown = SOFT_DICE_MASK_INIT(mask, PIXELS, 9u);
    const soft_dice_mask shorter = SOFT_DICE_MASK_INIT(mask, PIXELS - 1u, SOFT_DICE_NON_ZERO);
    const soft_dice_mask good = SOFT_DICE_MASK_INIT(mask, PIXELS, SOFT_DICE_NON_ZERO);
    const soft_dice_mask nothing = SOFT_DICE_MASK_INIT(NULL, 0u, SOFT_DICE_NON_ZERO);
    const soft_dice_u8 none = SOFT_DICE_U8_INIT(NULL, 0u);
    soft_dice_f32 real = SOFT_DICE_F32_INIT(floats, PIXELS);
    soft_dice_i8 other = SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8);
    soft_dice_sums total = SOFT_DICE_SUMS_INIT;
    const soft_dice_sums was = total;
    begin();
    REFUSED(SOFT_DICE_MASK, soft_dice_tiles_u8_mask(&tiles, &p, &broken));
    REFUSED(SOFT_DICE_SETTING, soft_dice_tiles_u8_mask(&tiles, &p, &unknown));
    REFUSED(SOFT_DICE_LENGTH, soft_dice_tiles_u8_mask(&tiles, &p, &shorter));
    real.range = SOFT_DICE_REFUSE;
    floats[80] = 2.0f;
    REFUSED(SOFT_DICE_RANGE, soft_dice_tiles_f32_mask(&tiles, &real, &good));
    floats[80] = 0.5f;
    expect("no pixel", soft_dice_tiles_u8_mask(&tiles, &none, &nothing) == SOFT_DICE_OK && tiles.at == 0u);
    expect("empty tiles", soft_dice_tiles_total(&tiles, &total) == SOFT_DICE_OK && memcmp(&total, &was, sizeof was) == 0);
    expect("pixels", soft_dice_tiles_u8_mask(&tiles, &p, &good) == SOFT_DICE_OK);
    expect("next", soft_dice_tiles_next_frame(&tiles) == SOFT_DICE_OK);
    REFUSED(SOFT_DICE_MISMATCH, soft_dice_tiles_i8_mask(&tiles, &other, &good));
    other.codes.scale = 2.0f;
    REFUSED(SOFT_DICE_SCALE, soft_dice_tiles_i8_mask(&tiles, &other, &good));
    TILES_REFUSED(soft_dice_tiles_next_frame(into));
    TILES_REFUSED(soft_dice_tiles_total(into, &total));
    SUMS_REFUSED(soft_dice_tiles_total(into, &total));
    REFUSED(SOFT_DICE_NULL, soft_dice_tiles_total(&tiles, NULL));
    expect("no total", memcmp(&total, &was, sizeof was) == 0);
}

/* Histograms. */

static soft_dice_histogram histogram, other, before;

#define HISTOGRAM_REFUSED(wanted, call)                                                                      \
    do {                                                                                                     \
        before = histogram;                                                                                  \
        expect(#call, (call) == (wanted));                                                                   \
        expect(#call ": unchanged", memcmp(&histogram, &before, sizeof histogram) == 0);                     \
    } while (0)

/* What each function refuses of a histogram, in a call in which it is named `into`. */
#define STATE_REFUSED(call)                                                                                  \
    do {                                                                                                     \
        const soft_dice_histogram was = histogram;                                                           \
        soft_dice_histogram *into = NULL;                                                                    \
        HISTOGRAM_REFUSED(SOFT_DICE_NULL, call);                                                             \
        into = (soft_dice_histogram *)(void *)((unsigned char *)&histogram + 1);                             \
        HISTOGRAM_REFUSED(SOFT_DICE_MISALIGNED, call);                                                       \
        into = &histogram;                                                                                   \
        histogram.version = 9u;                                                                              \
        HISTOGRAM_REFUSED(SOFT_DICE_VERSION, call);                                                          \
        histogram.version = 0u;                                                                              \
        HISTOGRAM_REFUSED(SOFT_DICE_VERSION, call);                                                          \
        histogram = was;                                                                                     \
        histogram.counts[77] += 1u;                                                                          \
        HISTOGRAM_REFUSED(SOFT_DICE_VERSION, call);                                                          \
        histogram = was;                                                                                     \
        histogram.seen = UINT64_MAX;                                                                         \
        HISTOGRAM_REFUSED(SOFT_DICE_VERSION, call);                                                          \
        histogram = was;                                                                                     \
        histogram.ignored = UINT64_MAX;                                                                      \
        HISTOGRAM_REFUSED(SOFT_DICE_VERSION, call);                                                          \
        histogram = was;                                                                                     \
        histogram.signed_codes = 7u;                                                                         \
        HISTOGRAM_REFUSED(SOFT_DICE_VERSION, call);                                                          \
        histogram = was;                                                                                     \
    } while (0)

/* All pixels, and those of a region: the sums are those of the plain update. */
#define COUNTED(element, target, against)                                                                    \
    do {                                                                                                     \
        const soft_dice_histogram none = SOFT_DICE_HISTOGRAM_INIT;                                           \
        const soft_dice_region region = SOFT_DICE_REGION_INIT(inside, PIXELS, SOFT_DICE_REGION_BYTES);       \
        const soft_dice_region odd = SOFT_DICE_REGION_INIT(inside, PIXELS, 9u);                              \
        soft_dice_rows rows = SOFT_DICE_ROWS_INIT(WIDTH, HEIGHT);                                            \
        const soft_dice_##element p = MAP_##element;                                                         \
        soft_dice_##element absurd = MAP_##element;                                                          \
        against;                                                                                             \
        soft_dice_sums counted = SOFT_DICE_SUMS_INIT, plain = SOFT_DICE_SUMS_INIT;                           \
        rows.region = &region;                                                                               \
        histogram = none;                                                                                    \
        expect(#element, soft_dice_histogram_##element##_##target(&histogram, &p, &t, NULL) == SOFT_DICE_OK); \
        expect(#element, soft_dice_histogram_##element##_##target(&histogram, &p, &t, &rows) == SOFT_DICE_OK); \
        expect(#element, soft_dice_update_##element##_##target##_all(&plain, &p, &t, NULL) == SOFT_DICE_OK); \
        expect(#element, soft_dice_update_##element##_##target##_all(&plain, &p, &t, &rows) == SOFT_DICE_OK); \
        expect(#element, soft_dice_histogram_sums(&histogram, &counted) == SOFT_DICE_OK);                    \
        print(#element " " #target, &counted);                                                               \
        expect(#element " " #target ": the plain sums", memcmp(&counted, &plain, sizeof plain) == 0);        \
        HISTOGRAM_REFUSED(SOFT_DICE_NULL, soft_dice_histogram_##element##_##target(&histogram, NULL, &t, NULL)); \
        HISTOGRAM_REFUSED(SOFT_DICE_NULL, soft_dice_histogram_##element##_##target(&histogram, &p, NULL, NULL)); \
        rows.region = &odd;                                                                                  \
        HISTOGRAM_REFUSED(SOFT_DICE_SETTING, soft_dice_histogram_##element##_##target(&histogram, &p, &t, &rows)); \
        rows.region = NULL;                                                                                  \
        rows.height = HEIGHT + 1u;                                                                           \
        HISTOGRAM_REFUSED(SOFT_DICE_ROWS, soft_dice_histogram_##element##_##target(&histogram, &p, &t, &rows)); \
        absurd.pixels = PIXELS - 16u;                                                                        \
        HISTOGRAM_REFUSED(SOFT_DICE_LENGTH, soft_dice_histogram_##element##_##target(&histogram, &absurd, &t, NULL)); \
        absurd.pixels = SIZE_MAX;                                                                            \
        HISTOGRAM_REFUSED(SOFT_DICE_TOO_LONG, soft_dice_histogram_##element##_##target(&histogram, &absurd, &t, NULL)); \
        STATE_REFUSED(soft_dice_histogram_##element##_##target(into, &p, &t, NULL));                         \
        histogram.counts[5] += UINT32_MAX - (uint32_t)histogram.seen;                                        \
        histogram.seen = UINT32_MAX;                                                                         \
        HISTOGRAM_REFUSED(SOFT_DICE_CAPACITY, soft_dice_histogram_##element##_##target(&histogram, &p, &t, NULL)); \
    } while (0)

#define HISTOGRAMS_OF(element)                                                                               \
    static void histograms_of_##element(void) {                                                              \
        COUNTED(element, mask, const soft_dice_mask t = SOFT_DICE_MASK_INIT(mask, PIXELS, SOFT_DICE_ZERO_ONE)); \
        COUNTED(element, bits, const soft_dice_bits t = SOFT_DICE_BITS_INIT(bits, sizeof bits, SOFT_DICE_LSB_FIRST)); \
        COUNTED(element, label, const soft_dice_labels t = SOFT_DICE_LABELS_INIT(labels, PIXELS, 2u));  \
    }

HISTOGRAMS_OF(u8)
HISTOGRAMS_OF(i8)
HISTOGRAMS_OF(affine_u8)

/* A figure: its value, and what it refuses. `into` is the histogram and `to` the result. */
#define FIGURE(what, type, call)                                                                             \
    do {                                                                                                     \
        const soft_dice_histogram kept = histogram, none = SOFT_DICE_HISTOGRAM_INIT;                         \
        type value = 0.0, *to = &value;                                                                      \
        soft_dice_histogram *const into = &histogram;                                                        \
        expect(what, (call) == SOFT_DICE_OK);                                                                \
        printf("%s %.17g\n", what, value);                                                                   \
        to = NULL;                                                                                           \
        HISTOGRAM_REFUSED(SOFT_DICE_NULL, call);                                                             \
        value = 7.0;                                                                                         \
        to = &value;                                                                                         \
        histogram = none;                                                                                    \
        HISTOGRAM_REFUSED(SOFT_DICE_UNDEFINED, call);                                                        \
        histogram = kept;                                                                                    \
    } while (0);                                                                                             \
    do {                                                                                                     \
        double value = 7.0, *const to = &value;                                                              \
        STATE_REFUSED(call);                                                                                 \
        expect(what ": no result", value == 7.0);                                                            \
    } while (0)

/* Of signed codes: thresholds, and what says how well they tell target from background. */
static void figures(void) {
    const soft_dice_i8 p = SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8);
    const soft_dice_mask t = SOFT_DICE_MASK_INIT(mask, PIXELS, SOFT_DICE_NON_ZERO);
    const soft_dice_histogram none = SOFT_DICE_HISTOGRAM_INIT;
    const soft_dice_score dice = SOFT_DICE_SCORE_INIT(SOFT_DICE_DICE), wrong = SOFT_DICE_SCORE_INIT(9u);
    soft_dice_own own = SOFT_DICE_OWN_INIT;
    soft_dice_best best = SOFT_DICE_BEST_INIT, best_before;
    soft_dice_sums hard, plain;
    histogram = none;
    expect("counts", soft_dice_histogram_i8_mask(&histogram, &p, &t, NULL) == SOFT_DICE_OK);
    for (own.above = 0u; own.above < 2u; own.above++) {
        const soft_dice_sums zero = SOFT_DICE_SUMS_INIT;
        plain = zero;
        expect("cut", soft_dice_histogram_cut(&histogram, &own, &hard) == SOFT_DICE_OK);
        expect("count", soft_dice_count_i8_mask(&plain, &p, &own, &t, NULL) == SOFT_DICE_OK);
        expect("a cut is the hard count", memcmp(&hard, &plain, sizeof hard) == 0);
        print("cut", &hard);
        plain = zero;
        expect("own", soft_dice_histogram_own(&histogram, &own, &hard) == SOFT_DICE_OK);
        expect("update", soft_dice_update_i8_own_all(&plain, &p, &own, NULL) == SOFT_DICE_OK);
        expect("a map's own mask", memcmp(&hard, &plain, sizeof hard) == 0);
        print("own", &hard);
    }
    plain = hard;
    STATE_REFUSED(soft_dice_histogram_sums(into, &hard));
    STATE_REFUSED(soft_dice_histogram_cut(into, &own, &hard));
    STATE_REFUSED(soft_dice_histogram_own(into, &own, &hard));
    HISTOGRAM_REFUSED(SOFT_DICE_NULL, soft_dice_histogram_sums(&histogram, NULL));
    HISTOGRAM_REFUSED(SOFT_DICE_NULL, soft_dice_histogram_cut(&histogram, NULL, &hard));
    HISTOGRAM_REFUSED(SOFT_DICE_NULL, soft_dice_histogram_cut(&histogram, &own, NULL));
    HISTOGRAM_REFUSED(SOFT_DICE_NULL, soft_dice_histogram_own(&histogram, NULL, &hard));
    HISTOGRAM_REFUSED(SOFT_DICE_NULL, soft_dice_histogram_own(&histogram, &own, NULL));
    expect("no sums", memcmp(&hard, &plain, sizeof hard) == 0);

    expect("best", soft_dice_histogram_best(&histogram, &dice, &best) == SOFT_DICE_OK);
    printf("best %.17g %.17g %lu %lu %lu %lu %ld\n", best.threshold, best.score, (unsigned long)best.p,
           (unsigned long)best.t, (unsigned long)best.pt, (unsigned long)best.code, (long)best.q15);
    best_before = best;
    STATE_REFUSED(soft_dice_histogram_best(into, &dice, &best));
    HISTOGRAM_REFUSED(SOFT_DICE_NULL, soft_dice_histogram_best(&histogram, NULL, &best));
    HISTOGRAM_REFUSED(SOFT_DICE_NULL, soft_dice_histogram_best(&histogram, &dice, NULL));
    HISTOGRAM_REFUSED(SOFT_DICE_SETTING, soft_dice_histogram_best(&histogram, &wrong, &best));
    expect("no best", memcmp(&best, &best_before, sizeof best) == 0);

    FIGURE("Brier", double, soft_dice_histogram_brier(into, to));
    FIGURE("cross-entropy", double, soft_dice_histogram_cross_entropy(into, 1e-3, to));
    FIGURE("ROC area", double, soft_dice_histogram_roc_area(into, to));
    FIGURE("average precision", double, soft_dice_histogram_average_precision(into, to));
    {
        double value = 7.0;
        HISTOGRAM_REFUSED(SOFT_DICE_SETTING, soft_dice_histogram_cross_entropy(&histogram, 0.5, &value));
        HISTOGRAM_REFUSED(SOFT_DICE_SETTING, soft_dice_histogram_cross_entropy(&histogram, -1.0, &value));
        expect("no cross-entropy", value == 7.0);
    }
}

static void merged(void) {
    const soft_dice_i8 p = SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8);
    const soft_dice_u8 q = SOFT_DICE_U8_INIT(grey, PIXELS);
    const soft_dice_mask t = SOFT_DICE_MASK_INIT(mask, PIXELS, SOFT_DICE_NON_ZERO);
    const soft_dice_histogram none = SOFT_DICE_HISTOGRAM_INIT;
    soft_dice_i8 beyond = p;
    other = none;
    histogram = none;
    expect("counts", soft_dice_histogram_i8_mask(&other, &p, &t, NULL) == SOFT_DICE_OK);
    expect("merge", soft_dice_histogram_merge(&histogram, &other) == SOFT_DICE_OK);
    expect("into nothing", memcmp(&histogram, &other, sizeof other) == 0);
    expect("merge", soft_dice_histogram_merge(&histogram, &other) == SOFT_DICE_OK);
    expect("counts", soft_dice_histogram_i8_mask(&other, &p, &t, NULL) == SOFT_DICE_OK);
    expect("twice", memcmp(&histogram, &other, sizeof other) == 0);
    STATE_REFUSED(soft_dice_histogram_merge(into, &other));
    HISTOGRAM_REFUSED(SOFT_DICE_NULL, soft_dice_histogram_merge(&histogram, NULL));
    HISTOGRAM_REFUSED(SOFT_DICE_MISMATCH, soft_dice_histogram_u8_mask(&histogram, &q, &t, NULL));
    beyond.codes.scale = 0.0f;
    HISTOGRAM_REFUSED(SOFT_DICE_SCALE, soft_dice_histogram_i8_mask(&histogram, &beyond, &t, NULL));
    other = none;
    expect("with nothing", soft_dice_histogram_merge(&histogram, &other) == SOFT_DICE_OK);
    other.version = 9u;
    HISTOGRAM_REFUSED(SOFT_DICE_VERSION, soft_dice_histogram_merge(&histogram, &other));
    expect("counts", soft_dice_histogram_merge(&histogram, &histogram) == SOFT_DICE_OK && histogram.seen == 4u * PIXELS);
}

int main(void) {
    fill();
    tiles_of_u8();
    tiles_of_i8();
    tiles_of_affine_u8();
    tiles_of_u16();
    tiles_of_q15();
    tiles_of_f32();
    pixels_refused();
    histograms_of_u8();
    histograms_of_i8();
    histograms_of_affine_u8();
    figures();
    merged();
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
