/* Many classes, hard counts, regions, predictions of bits, and the elements that no other program has: the same on a board and on
   a PC, and each function's refusals. It fails if a status or a sum is not what it should be. */
#include <stdio.h>
#include <string.h>

#include "soft_dice.h"

#define CHANNELS 3u
#define PIXELS 40u
#define VALUES (CHANNELS * PIXELS)

static int failures;

static uint8_t grey[VALUES], planes[VALUES], labels[PIXELS], other[PIXELS], mask[PIXELS], full[PIXELS], inside[PIXELS];
static uint8_t bits[PIXELS / 8u], more_bits[PIXELS / 8u], inside_bits[PIXELS / 8u];
static int8_t codes[VALUES];
static uint16_t words[VALUES], halves[VALUES];
static int16_t q15[VALUES];
static float floats[VALUES];

static void expect(const char *what, int good) {
    if (!good) {
        printf("FAILED %s\n", what);
        failures += 1;
    }
}

static void fill(void) {
    uint32_t random = 11;
    for (size_t at = 0; at < VALUES; at++) {
        random = random * 1664525u + 1013904223u;
        grey[at] = (uint8_t)(random >> 24);
        planes[at % CHANNELS * PIXELS + at / CHANNELS] = grey[at];
        codes[at] = (int8_t)(grey[at] - 128);
        words[at] = (uint16_t)(random >> 16);
        q15[at] = (int16_t)(random >> 17);
        floats[at] = (float)(random >> 8) / 16777216.0f;
        /* Half floats from 2^-14 to below 1. */
        halves[at] = (uint16_t)(0x0400u + (random >> 20) % 0x3800u);
    }
    for (size_t at = 0; at < PIXELS; at++) {
        random = random * 1664525u + 1013904223u;
        labels[at] = (uint8_t)((random >> 9) % (CHANNELS + 1u));
        labels[at] = labels[at] == CHANNELS ? 255u : labels[at];
        other[at] = (uint8_t)((random >> 14) % CHANNELS);
        mask[at] = (uint8_t)(random >> 12 & 1u);
        full[at] = (uint8_t)(mask[at] * 255u);
        inside[at] = (uint8_t)(random >> 21 & 1u);
        bits[at / 8u] |= (uint8_t)(mask[at] << at % 8u);
        more_bits[at / 8u] |= (uint8_t)((random >> 23 & 1u) << at % 8u);
        inside_bits[at / 8u] |= (uint8_t)(inside[at] << at % 8u);
    }
}

static void print(const char *what, const soft_dice_sums *sums) {
    const soft_dice_u128 wide[] = {sums->p, sums->t, sums->pt, sums->pp, sums->tt, sums->min_p, sums->min_t};
    printf("%s %lx %lx %lx", what, (unsigned long)sums->count, (unsigned long)sums->ignored, (unsigned long)sums->invalid);
    for (size_t at = 0; at < sizeof wide / sizeof wide[0]; at++) {
        printf(" %llx:%llx", (unsigned long long)wide[at].high, (unsigned long long)wide[at].low);
    }
    printf("\n");
}

/* Sums of three classes, and the same before a call that is refused. */
static soft_dice_sums classes[CHANNELS], before[CHANNELS];

#define REFUSED(wanted, call) \
    expect(#call, (call) == (wanted) && memcmp(classes, before, sizeof classes) == 0)

static void begin(void) {
    const soft_dice_sums none = SOFT_DICE_SUMS_INIT;
    for (size_t at = 0; at < CHANNELS; at++) {
        classes[at] = none;
    }
}

static const soft_dice_channels all = SOFT_DICE_CHANNELS_INIT(CHANNELS);
static const soft_dice_region bytes_inside = SOFT_DICE_REGION_INIT(inside, PIXELS, SOFT_DICE_REGION_BYTES);
static const soft_dice_region bits_inside = SOFT_DICE_REGION_INIT(inside_bits, PIXELS / 8u, SOFT_DICE_REGION_BITS);
static const soft_dice_region short_region = SOFT_DICE_REGION_INIT(inside, PIXELS - 1u, SOFT_DICE_REGION_BYTES);
static const soft_dice_region odd_region = SOFT_DICE_REGION_INIT(inside, PIXELS, 9u);
static const soft_dice_region null_region = SOFT_DICE_REGION_INIT(NULL, PIXELS, SOFT_DICE_REGION_BYTES);
static const soft_dice_region long_region = SOFT_DICE_REGION_INIT(inside, SIZE_MAX, SOFT_DICE_REGION_BYTES);

/* What is refused of the channels and of the sums, by a call in which they are named `channels` and `into`. */
#define CLASSES_REFUSED(name, call)                                                                             \
    do {                                                                                                        \
        static const uint8_t twice[] = {1u, 1u}, beyond[] = {3u};                                               \
        const soft_dice_channels none = SOFT_DICE_CHANNELS_INIT(0u), many = SOFT_DICE_CHANNELS_INIT(257u);      \
        const soft_dice_channels layout = {CHANNELS, NULL, 0u, 7u}, counted = {CHANNELS, NULL, 1u, SOFT_DICE_INTERLEAVED}; \
        const soft_dice_channels same = {CHANNELS, twice, 2u, SOFT_DICE_INTERLEAVED};                           \
        const soft_dice_channels outside = {CHANNELS, beyond, 1u, SOFT_DICE_INTERLEAVED};                       \
        const soft_dice_channels *channels = &all;                                                              \
        const soft_dice_region *region = NULL;                                                                  \
        soft_dice_sums *into = classes;                                                                         \
        memcpy(before, classes, sizeof classes);                                                                \
        into = NULL;                                                                                            \
        REFUSED(SOFT_DICE_NULL, call);                                                                          \
        into = (soft_dice_sums *)(void *)((unsigned char *)classes + 1);                                        \
        REFUSED(SOFT_DICE_MISALIGNED, call);                                                                    \
        into = classes;                                                                                         \
        channels = NULL;                                                                                        \
        REFUSED(SOFT_DICE_NULL, call);                                                                          \
        channels = &none;                                                                                       \
        REFUSED(SOFT_DICE_CLASSES, call);                                                                       \
        channels = &many;                                                                                       \
        REFUSED(SOFT_DICE_CLASSES, call);                                                                       \
        channels = &same;                                                                                       \
        REFUSED(SOFT_DICE_CLASSES, call);                                                                       \
        channels = &outside;                                                                                    \
        REFUSED(SOFT_DICE_CLASSES, call);                                                                       \
        channels = &layout;                                                                                     \
        REFUSED(SOFT_DICE_SETTING, call);                                                                       \
        channels = &counted;                                                                                    \
        REFUSED(SOFT_DICE_SETTING, call);                                                                       \
        channels = &all;                                                                                        \
        region = &short_region;                                                                                 \
        REFUSED(SOFT_DICE_LENGTH, call);                                                                        \
        region = &odd_region;                                                                                   \
        REFUSED(SOFT_DICE_SETTING, call);                                                                       \
        region = &null_region;                                                                                  \
        REFUSED(SOFT_DICE_NULL, call);                                                                          \
        region = &long_region;                                                                                  \
        REFUSED(SOFT_DICE_TOO_LONG, call);                                                                      \
        region = NULL;                                                                                          \
        classes[2].version = 9u;                                                                                \
        memcpy(before, classes, sizeof classes);                                                                \
        REFUSED(SOFT_DICE_VERSION, call);                                                                       \
        classes[2].version = classes[1].version;                                                                \
        classes[2].count = UINT64_C(1) << 40;                                                                   \
        memcpy(before, classes, sizeof classes);                                                                \
        REFUSED(SOFT_DICE_CAPACITY, call);                                                                      \
    } while (0)

static void print_classes(const char *what) {
    for (size_t at = 0; at < CHANNELS; at++) {
        print(what, &classes[at]);
    }
}

/* One element: against labels and against its own greatest; all channels, a subset, a region of bytes or bits. */
#define CLASSES(element, map)                                                                                  \
    static void classes_of_##element(void) {                                                                   \
        const soft_dice_##element p = map;                                                                     \
        soft_dice_labels t = SOFT_DICE_LABELS_INIT(labels, PIXELS, 0u);                                        \
        static const uint8_t last[] = {2u};                                                                    \
        const soft_dice_channels subset = {CHANNELS, last, 1u, SOFT_DICE_INTERLEAVED};                         \
        soft_dice_sums one = SOFT_DICE_SUMS_INIT;                                                              \
        t.ignoring = 1u;                                                                                       \
        t.ignore = 255u;                                                                                       \
        begin();                                                                                               \
        expect(#element, soft_dice_update_classes_##element(classes, &all, &p, &t, NULL) == SOFT_DICE_OK);     \
        print_classes(#element);                                                                               \
        expect(#element, soft_dice_update_classes_##element(&one, &subset, &p, &t, NULL) == SOFT_DICE_OK);     \
        expect("a subset is a part", memcmp(&one, &classes[2], sizeof one) == 0);                              \
        expect(#element, soft_dice_update_classes_##element(classes, &all, &p, &t, &bytes_inside) == SOFT_DICE_OK); \
        print_classes(#element " in a region");                                                                \
        CLASSES_REFUSED(#element, soft_dice_update_classes_##element(into, channels, &p, &t, region));         \
        begin();                                                                                               \
        expect(#element, soft_dice_confidence_classes_##element(classes, &all, &p, NULL) == SOFT_DICE_OK);     \
        print_classes(#element " by itself");                                                                  \
        expect(#element, soft_dice_confidence_classes_##element(classes, &all, &p, &bits_inside) == SOFT_DICE_OK); \
        print_classes(#element " by itself in a region");                                                      \
        CLASSES_REFUSED(#element, soft_dice_confidence_classes_##element(into, channels, &p, region));         \
        memcpy(before, classes, sizeof classes);                                                               \
        REFUSED(SOFT_DICE_NULL, soft_dice_update_classes_##element(classes, &all, NULL, &t, NULL));            \
        REFUSED(SOFT_DICE_NULL, soft_dice_update_classes_##element(classes, &all, &p, NULL, NULL));            \
        REFUSED(SOFT_DICE_NULL, soft_dice_confidence_classes_##element(classes, &all, NULL, NULL));            \
        soft_dice_##element part = map;                                                                        \
        part.pixels = VALUES - 1u;                                                                             \
        REFUSED(SOFT_DICE_SPLIT, soft_dice_confidence_classes_##element(classes, &all, &part, NULL));          \
        part.pixels = SIZE_MAX;                                                                                \
        REFUSED(SOFT_DICE_TOO_LONG, soft_dice_confidence_classes_##element(classes, &all, &part, NULL));       \
        REFUSED(SOFT_DICE_TOO_LONG, soft_dice_update_classes_##element(classes, &all, &part, &t, NULL));       \
    }

CLASSES(u8, SOFT_DICE_U8_INIT(grey, VALUES))
CLASSES(i8, SOFT_DICE_I8_INIT(codes, VALUES, SOFT_DICE_TFLITE_I8))
CLASSES(affine_u8, SOFT_DICE_AFFINE_U8_INIT(grey, VALUES, SOFT_DICE_ONNXRUNTIME_U8))
CLASSES(u16, SOFT_DICE_U16_INIT(words, VALUES))
CLASSES(q15, SOFT_DICE_Q15_INIT(q15, VALUES))
CLASSES(f32, SOFT_DICE_F32_INIT(floats, VALUES))

/* Planar maps give what interleaved ones give. */
static void planar(void) {
    const soft_dice_u8 side_by_side = SOFT_DICE_U8_INIT(grey, VALUES), apart = SOFT_DICE_U8_INIT(planes, VALUES);
    const soft_dice_channels planar = {CHANNELS, NULL, 0u, SOFT_DICE_PLANAR};
    soft_dice_labels t = SOFT_DICE_LABELS_INIT(labels, PIXELS, 0u);
    t.ignoring = 1u;
    t.ignore = 255u;
    for (int region = 0; region < 2; region++) {
        const soft_dice_region *const where = region != 0 ? &bits_inside : NULL;
        begin();
        expect("labels", soft_dice_update_classes_u8(classes, &all, &side_by_side, &t, where) == SOFT_DICE_OK);
        memcpy(before, classes, sizeof classes);
        begin();
        expect("planar", soft_dice_update_classes_u8(classes, &planar, &apart, &t, where) == SOFT_DICE_OK);
        expect("planar labels", memcmp(classes, before, sizeof classes) == 0);
        begin();
        expect("own", soft_dice_confidence_classes_u8(classes, &all, &side_by_side, where) == SOFT_DICE_OK);
        memcpy(before, classes, sizeof classes);
        begin();
        expect("planar", soft_dice_confidence_classes_u8(classes, &planar, &apart, where) == SOFT_DICE_OK);
        expect("planar own", memcmp(classes, before, sizeof classes) == 0);
        begin();
        expect("argmax", soft_dice_argmax_u8(classes, &all, grey, VALUES, &t, where) == SOFT_DICE_OK);
        memcpy(before, classes, sizeof classes);
        begin();
        expect("planar", soft_dice_argmax_u8(classes, &planar, planes, VALUES, &t, where) == SOFT_DICE_OK);
        expect("planar argmax", memcmp(classes, before, sizeof classes) == 0);
    }
}

#define ARGMAX(name, values)                                                                             \
    do {                                                                                                 \
        begin();                                                                                         \
        expect(#name, name(classes, &all, values, VALUES, &t, NULL) == SOFT_DICE_OK);                    \
        print_classes(#name);                                                                            \
        expect(#name, name(classes, &all, values, VALUES, &t, &bytes_inside) == SOFT_DICE_OK);           \
        print_classes(#name);                                                                            \
        CLASSES_REFUSED(#name, name(into, channels, values, VALUES, &t, region));                        \
        REFUSED(SOFT_DICE_NULL, name(classes, &all, NULL, VALUES, &t, NULL));                            \
        REFUSED(SOFT_DICE_NULL, name(classes, &all, values, VALUES, NULL, NULL));                        \
        REFUSED(SOFT_DICE_SPLIT, name(classes, &all, values, VALUES - 1u, &t, NULL));                    \
        REFUSED(SOFT_DICE_LENGTH, name(classes, &all, values, VALUES - CHANNELS, &t, NULL));             \
        REFUSED(SOFT_DICE_TOO_LONG, name(classes, &all, values, SIZE_MAX, &t, NULL));                    \
    } while (0)

/* Hard counts of classes, and scores over them. */
static void decided(void) {
    soft_dice_labels t = SOFT_DICE_LABELS_INIT(labels, PIXELS, 0u), outside;
    t.ignoring = 1u;
    t.ignore = 255u;
    outside = t;
    outside.ignoring = 0u;
    ARGMAX(soft_dice_argmax_u8, grey);
    ARGMAX(soft_dice_argmax_i8, codes);
    ARGMAX(soft_dice_argmax_i16, q15);
    ARGMAX(soft_dice_argmax_f32, floats);
    begin();
    expect("labels", soft_dice_count_labels(classes, &all, other, &t, NULL) == SOFT_DICE_OK);
    print_classes("labels against labels");
    expect("labels", soft_dice_count_labels(classes, &all, other, &t, &bits_inside) == SOFT_DICE_OK);
    print_classes("labels in a region");

    const soft_dice_score dice = SOFT_DICE_SCORE_INIT(SOFT_DICE_DICE), wrong = SOFT_DICE_SCORE_INIT(9u);
    const float weights[CHANNELS] = {0.5f, 2.0f, 1.0f};
    for (soft_dice_over over = SOFT_DICE_MACRO; over <= SOFT_DICE_BY_WEIGHTS; over++) {
        soft_dice_average average = SOFT_DICE_AVERAGE_INIT(over);
        soft_dice_mean mean = SOFT_DICE_MEAN_INIT;
        average.weights = over == SOFT_DICE_BY_WEIGHTS ? weights : NULL;
        average.count = over == SOFT_DICE_BY_WEIGHTS ? CHANNELS : 0u;
        expect("average", soft_dice_average_of(&dice, &average, classes, CHANNELS, &mean) == SOFT_DICE_OK);
        printf("average %ld %u %u\n", (long)mean.q15, mean.defined, mean.absent);
        const soft_dice_mean was = mean;
        expect("weights without use", over == SOFT_DICE_BY_WEIGHTS ||
               (average.weights = weights, soft_dice_average_of(&dice, &average, classes, CHANNELS, &mean) == SOFT_DICE_SETTING));
        average.weights = NULL;
        average.count = 0u;
        average.over = 9u;
        expect("over", soft_dice_average_of(&dice, &average, classes, CHANNELS, &mean) == SOFT_DICE_SETTING);
        average.over = SOFT_DICE_MICRO;
        expect("wrong", soft_dice_average_of(&wrong, &average, classes, CHANNELS, &mean) == SOFT_DICE_SETTING);
        expect("null", soft_dice_average_of(NULL, &average, classes, CHANNELS, &mean) == SOFT_DICE_NULL);
        expect("null", soft_dice_average_of(&dice, NULL, classes, CHANNELS, &mean) == SOFT_DICE_NULL);
        expect("null", soft_dice_average_of(&dice, &average, NULL, CHANNELS, &mean) == SOFT_DICE_NULL);
        expect("null", soft_dice_average_of(&dice, &average, classes, CHANNELS, NULL) == SOFT_DICE_NULL);
        expect("none", soft_dice_average_of(&dice, &average, classes, 0u, &mean) == SOFT_DICE_CLASSES);
        expect("long", soft_dice_average_of(&dice, &average, classes, SIZE_MAX, &mean) == SOFT_DICE_TOO_LONG);
        expect("unchanged", memcmp(&was, &mean, sizeof mean) == 0);
    }
    for (soft_dice_volume volume = SOFT_DICE_BY_SQUARE; volume <= SOFT_DICE_UNIFORM; volume++) {
        soft_dice_generalised score = SOFT_DICE_GENERALISED_INIT;
        double value = 0.0;
        score.volume = volume;
        expect("generalised", soft_dice_generalised_of(&score, classes, CHANNELS, &value) == SOFT_DICE_OK);
        printf("generalised %.17g\n", value);
        const double was = value;
        score.absent = 9u;
        expect("absent", soft_dice_generalised_of(&score, classes, CHANNELS, &value) == SOFT_DICE_SETTING);
        score.absent = SOFT_DICE_NOTHING;
        score.volume = 9u;
        expect("volume", soft_dice_generalised_of(&score, classes, CHANNELS, &value) == SOFT_DICE_SETTING);
        score.volume = volume;
        score.smooth_denominator = -1.0;
        expect("smoothing", soft_dice_generalised_of(&score, classes, CHANNELS, &value) == SOFT_DICE_SETTING);
        score.smooth_denominator = 0.0;
        expect("null", soft_dice_generalised_of(NULL, classes, CHANNELS, &value) == SOFT_DICE_NULL);
        expect("null", soft_dice_generalised_of(&score, NULL, CHANNELS, &value) == SOFT_DICE_NULL);
        expect("null", soft_dice_generalised_of(&score, classes, CHANNELS, NULL) == SOFT_DICE_NULL);
        expect("none", soft_dice_generalised_of(&score, classes, 0u, &value) == SOFT_DICE_CLASSES);
        expect("long", soft_dice_generalised_of(&score, classes, SIZE_MAX, &value) == SOFT_DICE_TOO_LONG);
        expect("unchanged", memcmp(&was, &value, sizeof value) == 0);
    }

    CLASSES_REFUSED("labels", soft_dice_count_labels(into, channels, other, &t, region));
    const soft_dice_channels planar = {CHANNELS, NULL, 0u, SOFT_DICE_PLANAR};
    REFUSED(SOFT_DICE_SETTING, soft_dice_count_labels(classes, &planar, other, &t, NULL));
    REFUSED(SOFT_DICE_LABEL, soft_dice_count_labels(classes, &all, other, &outside, NULL));
    REFUSED(SOFT_DICE_LABEL, soft_dice_argmax_u8(classes, &all, grey, VALUES, &outside, NULL));
    REFUSED(SOFT_DICE_NULL, soft_dice_count_labels(classes, &all, NULL, &t, NULL));
    REFUSED(SOFT_DICE_NULL, soft_dice_count_labels(classes, &all, other, NULL, NULL));
    /* More than 32 channels are counted as well. */
    static const uint8_t chosen[] = {0u, 1u, 2u};
    const soft_dice_channels wide = {200u, chosen, CHANNELS, SOFT_DICE_INTERLEAVED};
    begin();
    expect("many channels", soft_dice_count_labels(classes, &wide, other, &t, NULL) == SOFT_DICE_OK);
    print_classes("labels of 200 classes");
}

/* A pair's function, in a window and in a region, and what it refuses. `sums` is the first argument. */
#define PAIR_REFUSED(call)                                                                                   \
    do {                                                                                                     \
        soft_dice_sums *into = &sums;                                                                        \
        const soft_dice_sums was = sums;                                                                     \
        into = NULL;                                                                                         \
        expect(#call, (call) == SOFT_DICE_NULL);                                                             \
        into = (soft_dice_sums *)(void *)((unsigned char *)&sums + 2);                                       \
        expect(#call, (call) == SOFT_DICE_MISALIGNED);                                                       \
        into = &sums;                                                                                        \
        sums.version = 9u;                                                                                   \
        expect(#call, (call) == SOFT_DICE_VERSION);                                                          \
        sums.version = was.version;                                                                          \
        sums.count = UINT64_C(1) << 40;                                                                      \
        expect(#call, (call) == SOFT_DICE_CAPACITY);                                                         \
        sums.count = was.count;                                                                              \
        expect(#call, memcmp(&was, &sums, sizeof sums) == 0);                                                \
    } while (0)

#define RUN(function, p, t)                                                                                  \
    do {                                                                                                     \
        soft_dice_sums sums = SOFT_DICE_SUMS_INIT;                                                           \
        soft_dice_rows rows = SOFT_DICE_ROWS_INIT(PIXELS, 1u);                                               \
        rows.region = &bytes_inside;                                                                         \
        expect(#function, function(&sums, &(p), &(t), NULL) == SOFT_DICE_OK);                                \
        print(#function, &sums);                                                                             \
        expect(#function, function(&sums, &(p), &(t), &rows) == SOFT_DICE_OK);                               \
        print(#function, &sums);                                                                             \
        PAIR_REFUSED(function(into, &(p), &(t), NULL));                                                      \
        expect(#function, function(&sums, NULL, &(t), NULL) == SOFT_DICE_NULL);                              \
        expect(#function, function(&sums, &(p), NULL, NULL) == SOFT_DICE_NULL);                              \
        rows.region = &short_region;                                                                         \
        expect(#function, function(&sums, &(p), &(t), &rows) == SOFT_DICE_ROWS);                             \
        rows.region = &odd_region;                                                                           \
        expect(#function, function(&sums, &(p), &(t), &rows) == SOFT_DICE_SETTING);                          \
        rows.region = &bytes_inside;                                                                         \
        rows.region_stride = PIXELS - 1u;                                                                    \
        expect(#function, function(&sums, &(p), &(t), &rows) == SOFT_DICE_ROWS);                             \
        rows.region_stride = PIXELS;                                                                         \
        rows.height = SIZE_MAX;                                                                              \
        expect(#function, function(&sums, &(p), &(t), &rows) == SOFT_DICE_ROWS);                             \
    } while (0)

/* Elements of their own: finer floats, half floats, masks. */
static void elements(void) {
    const soft_dice_f32fine fine = SOFT_DICE_F32FINE_INIT(floats, PIXELS);
    const soft_dice_f16 half = SOFT_DICE_F16_INIT(halves, PIXELS);
    const soft_dice_mask01 ones = SOFT_DICE_MASK01_INIT(mask, PIXELS);
    const soft_dice_mask255 fulls = SOFT_DICE_MASK255_INIT(full, PIXELS);
    const soft_dice_mask target = SOFT_DICE_MASK_INIT(mask, PIXELS, SOFT_DICE_ZERO_ONE);
    const soft_dice_labels label = SOFT_DICE_LABELS_INIT(labels, PIXELS, 1u);
    const soft_dice_own own = SOFT_DICE_OWN_INIT;
    RUN(soft_dice_update_f32fine_mask, fine, target);
    RUN(soft_dice_update_f32fine_mask_all, fine, target);
    RUN(soft_dice_update_f32fine_label, fine, label);
    RUN(soft_dice_update_f32fine_label_all, fine, label);
    RUN(soft_dice_update_f32fine_own, fine, own);
    RUN(soft_dice_update_f32fine_own_all, fine, own);
    RUN(soft_dice_update_f32fine_f32fine, fine, fine);
    RUN(soft_dice_update_f32fine_f32fine_all, fine, fine);
    RUN(soft_dice_update_f16_mask, half, target);
    RUN(soft_dice_update_f16_mask_all, half, target);
    RUN(soft_dice_update_f16_label, half, label);
    RUN(soft_dice_update_f16_label_all, half, label);
    RUN(soft_dice_update_f16_own, half, own);
    RUN(soft_dice_update_f16_own_all, half, own);
    RUN(soft_dice_update_f16_f16, half, half);
    RUN(soft_dice_update_f16_f16_all, half, half);
    RUN(soft_dice_update_mask01_mask, ones, target);
    RUN(soft_dice_update_mask01_mask_all, ones, target);
    RUN(soft_dice_update_mask01_label, ones, label);
    RUN(soft_dice_update_mask01_label_all, ones, label);
    RUN(soft_dice_update_mask255_mask, fulls, target);
    RUN(soft_dice_update_mask255_mask_all, fulls, target);
    RUN(soft_dice_update_mask255_label, fulls, label);
    RUN(soft_dice_update_mask255_label_all, fulls, label);
    soft_dice_sums sums = SOFT_DICE_SUMS_INIT;
    const soft_dice_mask01 no_mask = SOFT_DICE_MASK01_INIT(grey, PIXELS);
    expect("no mask", soft_dice_update_mask01_mask(&sums, &no_mask, &target, NULL) == SOFT_DICE_MASK && sums.version == 0u);
}

#define CUT(function, p)                                                                                     \
    do {                                                                                                     \
        soft_dice_sums sums = SOFT_DICE_SUMS_INIT;                                                           \
        soft_dice_rows rows = SOFT_DICE_ROWS_INIT(PIXELS / 4u, 4u);                                          \
        soft_dice_own odd = SOFT_DICE_OWN_INIT;                                                              \
        rows.region = &bits_inside;                                                                          \
        expect(#function, function(&sums, &(p), &own, &target, NULL) == SOFT_DICE_OK);                       \
        print(#function, &sums);                                                                             \
        expect(#function, function(&sums, &(p), &own, &target, &rows) == SOFT_DICE_OK);                      \
        print(#function, &sums);                                                                             \
        odd.threshold = 7.0f;                                                                                \
        expect(#function, function(&sums, &(p), &odd, &target, NULL) == SOFT_DICE_OK);                       \
        PAIR_REFUSED(function(into, &(p), &own, &target, NULL));                                             \
        expect(#function, function(&sums, NULL, &own, &target, NULL) == SOFT_DICE_NULL);                     \
        expect(#function, function(&sums, &(p), NULL, &target, NULL) == SOFT_DICE_NULL);                     \
        expect(#function, function(&sums, &(p), &own, NULL, NULL) == SOFT_DICE_NULL);                        \
        expect(#function, function(&sums, &(p), &own, &shorter, NULL) == SOFT_DICE_LENGTH);                  \
        expect(#function, function(&sums, &(p), &own, &unknown, NULL) == SOFT_DICE_SETTING);                 \
        rows.region = &odd_region;                                                                           \
        expect(#function, function(&sums, &(p), &own, &target, &rows) == SOFT_DICE_SETTING);                 \
        rows.region = NULL;                                                                                  \
        rows.height = 5u;                                                                                    \
        expect(#function, function(&sums, &(p), &own, &target, &rows) == SOFT_DICE_ROWS);                    \
        rows.stride = 1u;                                                                                    \
        expect(#function, function(&sums, &(p), &own, &target, &rows) == SOFT_DICE_ROWS);                    \
    } while (0)

/* A threshold cuts the map. */
static void thresholds(void) {
    const soft_dice_own own = SOFT_DICE_OWN_INIT;
    const soft_dice_mask target = SOFT_DICE_MASK_INIT(mask, PIXELS, SOFT_DICE_ZERO_ONE);
    const soft_dice_mask shorter = SOFT_DICE_MASK_INIT(mask, PIXELS - 1u, SOFT_DICE_ZERO_ONE);
    const soft_dice_mask unknown = SOFT_DICE_MASK_INIT(mask, PIXELS, 9u);
    const soft_dice_u8 a = SOFT_DICE_U8_INIT(grey, PIXELS);
    const soft_dice_i8 b = SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8);
    const soft_dice_affine_u8 c = SOFT_DICE_AFFINE_U8_INIT(grey, PIXELS, SOFT_DICE_ONNXRUNTIME_U8);
    const soft_dice_u16 d = SOFT_DICE_U16_INIT(words, PIXELS);
    const soft_dice_q15 e = SOFT_DICE_Q15_INIT(q15, PIXELS);
    const soft_dice_f32 f = SOFT_DICE_F32_INIT(floats, PIXELS);
    CUT(soft_dice_count_u8_mask, a);
    CUT(soft_dice_count_i8_mask, b);
    CUT(soft_dice_count_affine_u8_mask, c);
    CUT(soft_dice_count_u16_mask, d);
    CUT(soft_dice_count_q15_mask, e);
    CUT(soft_dice_count_f32_mask, f);
}

#define BITS(function, t, shorter)                                                                           \
    do {                                                                                                     \
        soft_dice_sums sums = SOFT_DICE_SUMS_INIT;                                                           \
        expect(#function, function(&sums, &p, &(t), PIXELS, NULL) == SOFT_DICE_OK);                          \
        print(#function, &sums);                                                                             \
        expect(#function, function(&sums, &p, &(t), PIXELS, &bytes_inside) == SOFT_DICE_OK);                 \
        print(#function, &sums);                                                                             \
        PAIR_REFUSED(function(into, &p, &(t), PIXELS, NULL));                                                \
        expect(#function, function(&sums, NULL, &(t), PIXELS, NULL) == SOFT_DICE_NULL);                      \
        expect(#function, function(&sums, &p, NULL, PIXELS, NULL) == SOFT_DICE_NULL);                        \
        expect(#function, function(&sums, &p, &(t), SIZE_MAX, NULL) == SOFT_DICE_LENGTH);                    \
        expect(#function, function(&sums, &p, &(shorter), PIXELS, NULL) == SOFT_DICE_LENGTH);                \
        expect(#function, function(&sums, &p, &(t), PIXELS, &short_region) == SOFT_DICE_LENGTH);             \
        expect(#function, function(&sums, &p, &(t), PIXELS, &odd_region) == SOFT_DICE_SETTING);              \
        expect(#function, function(&sums, &unknown, &(t), PIXELS, NULL) == SOFT_DICE_SETTING);               \
    } while (0)

/* A bit a pixel as prediction: the same as its bytes. */
static void bit_predictions(void) {
    const soft_dice_bits p = SOFT_DICE_BITS_INIT(bits, sizeof bits, SOFT_DICE_LSB_FIRST);
    const soft_dice_bits unknown = SOFT_DICE_BITS_INIT(bits, sizeof bits, 9u);
    const soft_dice_bits packed = SOFT_DICE_BITS_INIT(more_bits, sizeof more_bits, SOFT_DICE_MSB_FIRST);
    const soft_dice_bits shorter_bits = SOFT_DICE_BITS_INIT(more_bits, sizeof more_bits - 1u, SOFT_DICE_LSB_FIRST);
    const soft_dice_mask target = SOFT_DICE_MASK_INIT(full, PIXELS, SOFT_DICE_ZERO_FULL);
    const soft_dice_mask shorter_mask = SOFT_DICE_MASK_INIT(full, PIXELS - 1u, SOFT_DICE_ZERO_FULL);
    const soft_dice_labels label = SOFT_DICE_LABELS_INIT(labels, PIXELS, 1u);
    const soft_dice_labels shorter_labels = SOFT_DICE_LABELS_INIT(labels, PIXELS - 1u, 1u);
    const soft_dice_mask01 bytes = SOFT_DICE_MASK01_INIT(mask, PIXELS);
    soft_dice_sums by_bits = SOFT_DICE_SUMS_INIT, by_bytes = SOFT_DICE_SUMS_INIT;
    BITS(soft_dice_update_bits_bits, packed, shorter_bits);
    BITS(soft_dice_update_bits_mask, target, shorter_mask);
    BITS(soft_dice_update_bits_label, label, shorter_labels);
    expect("bits", soft_dice_update_bits_mask(&by_bits, &p, &target, PIXELS, NULL) == SOFT_DICE_OK);
    expect("bytes", soft_dice_update_mask01_mask(&by_bytes, &bytes, &target, NULL) == SOFT_DICE_OK);
    expect("bits are bytes", memcmp(&by_bits, &by_bytes, sizeof by_bits) == 0);
}

int main(void) {
    fill();
    expect("the loops have a name", strcmp(soft_dice_backend(), "another") != 0);
    classes_of_u8();
    classes_of_i8();
    classes_of_affine_u8();
    classes_of_u16();
    classes_of_q15();
    classes_of_f32();
    planar();
    decided();
    elements();
    thresholds();
    bit_predictions();
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
