/* Logits by a table or a function, of one class and of exclusive ones: the same on a board and on a PC, and each function's
   refusals. It fails if a status or a sum is not what it should be. */
#include <stdio.h>
#include <string.h>

#include "soft_dice.h"

#define CHANNELS 6u
#define PIXELS 30u
#define VALUES (CHANNELS * PIXELS)

static int failures;

static int8_t signs[VALUES], sign_planes[VALUES];
static uint8_t bytes[VALUES], byte_planes[VALUES], labels[PIXELS], mask[VALUES], inside[VALUES];
static float floats[VALUES], float_planes[VALUES];
static soft_dice_sigmoid signed_table, unsigned_table;
static soft_dice_softmax table;

static void expect(const char *what, int good) {
    if (!good) {
        printf("FAILED %s\n", what);
        failures += 1;
    }
}

static void fill(void) {
    uint32_t random = 17;
    for (size_t at = 0; at < VALUES; at++) {
        const size_t plane = at % CHANNELS * PIXELS + at / CHANNELS;
        random = random * 1664525u + 1013904223u;
        bytes[at] = (uint8_t)(random >> 24);
        signs[at] = (int8_t)(bytes[at] - 128);
        floats[at] = ((float)(random >> 8) / 8388608.0f - 1.0f) * 6.0f;
        mask[at] = (uint8_t)(random >> 12 & 1u);
        inside[at] = (uint8_t)(random >> 14 & 1u);
        byte_planes[plane] = bytes[at];
        sign_planes[plane] = signs[at];
        float_planes[plane] = floats[at];
    }
    for (size_t at = 0; at < PIXELS; at++) {
        random = random * 1664525u + 1013904223u;
        labels[at] = (uint8_t)((random >> 9) % (CHANNELS + 1u));
        labels[at] = labels[at] == CHANNELS ? 255u : labels[at];
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

/* A table's function, in a call in which the table is named `into`: settings that are refused leave it as it was. */
#define TABLE_REFUSED(type, wanted, call)                                                                    \
    do {                                                                                                     \
        type kept, *into = &kept;                                                                            \
        memset(&kept, 0x5A, sizeof kept);                                                                    \
        const type was = kept;                                                                               \
        expect(#call, (call) == (wanted));                                                                   \
        expect(#call ": unchanged", memcmp(&kept, &was, sizeof kept) == 0);                                  \
    } while (0)

static void tables(void) {
    expect("table", soft_dice_sigmoid_init_i8(&signed_table, 0.0441f, 8) == SOFT_DICE_OK);
    expect("table", soft_dice_sigmoid_init_u8(&unsigned_table, 0.0441f, 136) == SOFT_DICE_OK);
    expect("table", soft_dice_softmax_init(&table, 0.1f) == SOFT_DICE_OK);
    expect("both have the same codes", memcmp(signed_table.codes, unsigned_table.codes, sizeof signed_table.codes) == 0);
    for (size_t at = 0; at < 256u; at += 15u) {
        printf("codes %lx %lx\n", (unsigned long)signed_table.codes[at], (unsigned long)table.codes[at]);
    }
    TABLE_REFUSED(soft_dice_sigmoid, SOFT_DICE_SCALE, soft_dice_sigmoid_init_i8(into, 0.0f, 0));
    TABLE_REFUSED(soft_dice_sigmoid, SOFT_DICE_SCALE, soft_dice_sigmoid_init_u8(into, -1.0f, 0));
    TABLE_REFUSED(soft_dice_softmax, SOFT_DICE_SCALE, soft_dice_softmax_init(into, 0.0f));
    TABLE_REFUSED(soft_dice_sigmoid, SOFT_DICE_SETTING, soft_dice_sigmoid_init_i8(into, 0.1f, 128));
    TABLE_REFUSED(soft_dice_sigmoid, SOFT_DICE_SETTING, soft_dice_sigmoid_init_u8(into, 0.1f, -1));
    expect("null", soft_dice_sigmoid_init_i8(NULL, 0.1f, 0) == SOFT_DICE_NULL);
    expect("null", soft_dice_sigmoid_init_u8(NULL, 0.1f, 0) == SOFT_DICE_NULL);
    expect("null", soft_dice_softmax_init(NULL, 0.1f) == SOFT_DICE_NULL);
    TABLE_REFUSED(soft_dice_sigmoid, SOFT_DICE_MISALIGNED,
                  soft_dice_sigmoid_init_i8((soft_dice_sigmoid *)(void *)((unsigned char *)into + 1), 0.1f, 0));
    TABLE_REFUSED(soft_dice_sigmoid, SOFT_DICE_MISALIGNED,
                  soft_dice_sigmoid_init_u8((soft_dice_sigmoid *)(void *)((unsigned char *)into + 1), 0.1f, 0));
    TABLE_REFUSED(soft_dice_softmax, SOFT_DICE_MISALIGNED,
                  soft_dice_softmax_init((soft_dice_softmax *)(void *)((unsigned char *)into + 1), 0.1f));
}

/* A status, and sums as they were. */
#define REFUSED(wanted, call)                                                                                \
    do {                                                                                                     \
        const soft_dice_sums was = sums;                                                                     \
        expect(#call, (call) == (wanted));                                                                   \
        expect(#call ": unchanged", memcmp(&was, &sums, sizeof sums) == 0);                                  \
    } while (0)

#define RUN(function, p, t)                                                                                  \
    do {                                                                                                     \
        const soft_dice_region region = SOFT_DICE_REGION_INIT(inside, VALUES, SOFT_DICE_REGION_BYTES);       \
        soft_dice_sums sums = SOFT_DICE_SUMS_INIT;                                                           \
        soft_dice_rows rows = SOFT_DICE_ROWS_INIT(VALUES, 1u);                                               \
        soft_dice_sums *into = &sums;                                                                        \
        rows.region = &region;                                                                               \
        expect(#function, function(&sums, &(p), &(t), NULL) == SOFT_DICE_OK);                                \
        expect(#function, function(&sums, &(p), &(t), &rows) == SOFT_DICE_OK);                               \
        print(#function, &sums);                                                                             \
        REFUSED(SOFT_DICE_NULL, function(NULL, &(p), &(t), NULL));                                           \
        REFUSED(SOFT_DICE_NULL, function(&sums, NULL, &(t), NULL));                                          \
        REFUSED(SOFT_DICE_NULL, function(&sums, &(p), NULL, NULL));                                          \
        into = (soft_dice_sums *)(void *)((unsigned char *)&sums + 2);                                       \
        REFUSED(SOFT_DICE_MISALIGNED, function(into, &(p), &(t), NULL));                                     \
        rows.height = 2u;                                                                                    \
        REFUSED(SOFT_DICE_ROWS, function(&sums, &(p), &(t), &rows));                                         \
        sums.version = 9u;                                                                                   \
        REFUSED(SOFT_DICE_VERSION, function(&sums, &(p), &(t), NULL));                                       \
    } while (0)

/* What is refused of the table of a map, whose field it is. */
#define MAP_TABLE_REFUSED(function, p, t, good)                                                              \
    do {                                                                                                     \
        soft_dice_sums sums = SOFT_DICE_SUMS_INIT;                                                           \
        soft_dice_sigmoid bad = good;                                                                        \
        (p).table = NULL;                                                                                    \
        REFUSED(SOFT_DICE_NULL, function(&sums, &(p), &(t), NULL));                                          \
        (p).table = (const soft_dice_sigmoid *)(const void *)((const unsigned char *)&bad + 1);              \
        REFUSED(SOFT_DICE_MISALIGNED, function(&sums, &(p), &(t), NULL));                                    \
        (p).table = &bad;                                                                                    \
        bad.codes[9] ^= 1u;                                                                                  \
        REFUSED(SOFT_DICE_VERSION, function(&sums, &(p), &(t), NULL));                                       \
        bad.codes[9] ^= 1u;                                                                                  \
        bad.check ^= 1u;                                                                                     \
        REFUSED(SOFT_DICE_VERSION, function(&sums, &(p), &(t), NULL));                                       \
        bad = good;                                                                                          \
        bad.kind += 256u;                                                                                    \
        REFUSED(SOFT_DICE_VERSION, function(&sums, &(p), &(t), NULL));                                       \
        memset(&bad, 0, sizeof bad);                                                                         \
        REFUSED(SOFT_DICE_VERSION, function(&sums, &(p), &(t), NULL));                                       \
        /* The table of the other kind of logits. */                                                         \
        bad = good.kind == signed_table.kind ? unsigned_table : signed_table;                                \
        (p).table = &bad;                                                                                    \
        REFUSED(SOFT_DICE_VERSION, function(&sums, &(p), &(t), NULL));                                       \
        (p).table = &good;                                                                                   \
    } while (0)

/* One class, or independent ones. */
static void sigmoids(void) {
    soft_dice_logits_i8 a = SOFT_DICE_LOGITS_I8_INIT(signs, VALUES, &signed_table);
    soft_dice_logits_u8 b = SOFT_DICE_LOGITS_U8_INIT(bytes, VALUES, &unsigned_table);
    const soft_dice_logits_f32 c = SOFT_DICE_LOGITS_F32_INIT(floats, VALUES);
    const soft_dice_mask t = SOFT_DICE_MASK_INIT(mask, VALUES, SOFT_DICE_ZERO_ONE);
    const soft_dice_labels one = SOFT_DICE_LABELS_INIT(mask, VALUES, 1u);
    const soft_dice_own own = SOFT_DICE_OWN_INIT;
    soft_dice_sums by_signs = SOFT_DICE_SUMS_INIT, by_bytes = SOFT_DICE_SUMS_INIT;
    RUN(soft_dice_update_logits_i8_mask, a, t);
    RUN(soft_dice_update_logits_i8_mask_all, a, t);
    RUN(soft_dice_update_logits_i8_label, a, one);
    RUN(soft_dice_update_logits_i8_label_all, a, one);
    RUN(soft_dice_update_logits_i8_own, a, own);
    RUN(soft_dice_update_logits_i8_own_all, a, own);
    RUN(soft_dice_update_logits_u8_mask, b, t);
    RUN(soft_dice_update_logits_u8_mask_all, b, t);
    RUN(soft_dice_update_logits_u8_label, b, one);
    RUN(soft_dice_update_logits_u8_label_all, b, one);
    RUN(soft_dice_update_logits_u8_own, b, own);
    RUN(soft_dice_update_logits_u8_own_all, b, own);
    RUN(soft_dice_update_logits_f32_mask, c, t);
    RUN(soft_dice_update_logits_f32_mask_all, c, t);
    RUN(soft_dice_update_logits_f32_label, c, one);
    RUN(soft_dice_update_logits_f32_label_all, c, one);
    RUN(soft_dice_update_logits_f32_own, c, own);
    RUN(soft_dice_update_logits_f32_own_all, c, own);
    MAP_TABLE_REFUSED(soft_dice_update_logits_i8_mask, a, t, signed_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_i8_mask_all, a, t, signed_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_i8_label, a, one, signed_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_i8_label_all, a, one, signed_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_i8_own, a, own, signed_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_i8_own_all, a, own, signed_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_u8_mask, b, t, unsigned_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_u8_mask_all, b, t, unsigned_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_u8_label, b, one, unsigned_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_u8_label_all, b, one, unsigned_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_u8_own, b, own, unsigned_table);
    MAP_TABLE_REFUSED(soft_dice_update_logits_u8_own_all, b, own, unsigned_table);
    expect("signed", soft_dice_update_logits_i8_mask(&by_signs, &a, &t, NULL) == SOFT_DICE_OK);
    expect("unsigned", soft_dice_update_logits_u8_mask(&by_bytes, &b, &t, NULL) == SOFT_DICE_OK);
    expect("the same logits", memcmp(&by_signs, &by_bytes, sizeof by_signs) == 0 && by_signs.p.low > 0u);
}

static soft_dice_sums classes[CHANNELS], before[CHANNELS];

static void begin(void) {
    const soft_dice_sums none = SOFT_DICE_SUMS_INIT;
    for (size_t at = 0; at < CHANNELS; at++) {
        classes[at] = none;
    }
}

#define CLASSES_REFUSED(wanted, call)                                                                        \
    do {                                                                                                     \
        memcpy(before, classes, sizeof classes);                                                             \
        expect(#call, (call) == (wanted) && memcmp(classes, before, sizeof classes) == 0);                   \
    } while (0)

/* Six classes, so that they are taken in two groups: interleaved and planar, in a region, a subset, and what is refused. `TABLED` is
   the function with the table, if it has one, among its arguments. */
#define EXCLUSIVE(name, values, planes)                                                                      \
    do {                                                                                                     \
        static const uint8_t two[] = {4u, 1u};                                                               \
        const soft_dice_channels all = SOFT_DICE_CHANNELS_INIT(CHANNELS), none = SOFT_DICE_CHANNELS_INIT(0u); \
        const soft_dice_channels planar = {CHANNELS, NULL, 0u, SOFT_DICE_PLANAR};                            \
        const soft_dice_channels layout = {CHANNELS, NULL, 0u, 7u};                                          \
        const soft_dice_channels subset = {CHANNELS, two, 2u, SOFT_DICE_INTERLEAVED};                        \
        const soft_dice_region region = SOFT_DICE_REGION_INIT(inside, PIXELS, SOFT_DICE_REGION_BYTES);       \
        const soft_dice_region shorter = SOFT_DICE_REGION_INIT(inside, PIXELS - 1u, SOFT_DICE_REGION_BYTES); \
        const soft_dice_region odd = SOFT_DICE_REGION_INIT(inside, PIXELS, 9u);                              \
        soft_dice_sums chosen[2] = {SOFT_DICE_SUMS_INIT, SOFT_DICE_SUMS_INIT};                               \
        soft_dice_labels t = SOFT_DICE_LABELS_INIT(labels, PIXELS, 0u), outside = t;                         \
        t.ignoring = 1u;                                                                                     \
        t.ignore = 255u;                                                                                     \
        begin();                                                                                             \
        expect(#name, TABLED(name, classes, &all, values, VALUES, &t, NULL) == SOFT_DICE_OK);                \
        memcpy(before, classes, sizeof classes);                                                             \
        expect(#name, TABLED(name, chosen, &subset, values, VALUES, &t, NULL) == SOFT_DICE_OK);              \
        expect(#name ": a subset", memcmp(&chosen[0], &classes[4], sizeof chosen[0]) == 0 &&                 \
               memcmp(&chosen[1], &classes[1], sizeof chosen[1]) == 0);                                      \
        begin();                                                                                             \
        expect(#name, TABLED(name, classes, &planar, planes, VALUES, &t, NULL) == SOFT_DICE_OK);             \
        expect(#name ": planar", memcmp(classes, before, sizeof classes) == 0);                              \
        expect(#name, TABLED(name, classes, &all, values, VALUES, &t, &region) == SOFT_DICE_OK);             \
        for (size_t at = 0; at < CHANNELS; at++) {                                                           \
            print(#name, &classes[at]);                                                                      \
        }                                                                                                    \
        CLASSES_REFUSED(SOFT_DICE_NULL, TABLED(name, NULL, &all, values, VALUES, &t, NULL));                 \
        CLASSES_REFUSED(SOFT_DICE_MISALIGNED,                                                                \
                        TABLED(name, (soft_dice_sums *)(void *)((unsigned char *)classes + 1), &all, values, VALUES, &t, NULL)); \
        CLASSES_REFUSED(SOFT_DICE_NULL, TABLED(name, classes, NULL, values, VALUES, &t, NULL));              \
        CLASSES_REFUSED(SOFT_DICE_NULL, TABLED(name, classes, &all, NULL, VALUES, &t, NULL));                \
        CLASSES_REFUSED(SOFT_DICE_NULL, TABLED(name, classes, &all, values, VALUES, NULL, NULL));            \
        CLASSES_REFUSED(SOFT_DICE_CLASSES, TABLED(name, classes, &none, values, VALUES, &t, NULL));          \
        CLASSES_REFUSED(SOFT_DICE_SETTING, TABLED(name, classes, &layout, values, VALUES, &t, NULL));        \
        CLASSES_REFUSED(SOFT_DICE_SPLIT, TABLED(name, classes, &all, values, VALUES - 1u, &t, NULL));        \
        CLASSES_REFUSED(SOFT_DICE_LENGTH, TABLED(name, classes, &all, values, VALUES - CHANNELS, &t, NULL)); \
        CLASSES_REFUSED(SOFT_DICE_TOO_LONG, TABLED(name, classes, &all, values, SIZE_MAX, &t, NULL));        \
        CLASSES_REFUSED(SOFT_DICE_LABEL, TABLED(name, classes, &all, values, VALUES, &outside, NULL));       \
        CLASSES_REFUSED(SOFT_DICE_LENGTH, TABLED(name, classes, &all, values, VALUES, &t, &shorter));        \
        CLASSES_REFUSED(SOFT_DICE_SETTING, TABLED(name, classes, &all, values, VALUES, &t, &odd));           \
        classes[5].version = 9u;                                                                             \
        CLASSES_REFUSED(SOFT_DICE_VERSION, TABLED(name, classes, &all, values, VALUES, &t, NULL));           \
        classes[5].version = classes[0].version;                                                             \
        classes[5].count = UINT64_C(1) << 40;                                                                \
        CLASSES_REFUSED(SOFT_DICE_CAPACITY, TABLED(name, classes, &all, values, VALUES, &t, NULL));          \
    } while (0)

/* Of the table of a softmax. */
#define SOFTMAX_REFUSED(name, values)                                                                        \
    do {                                                                                                     \
        const soft_dice_channels all = SOFT_DICE_CHANNELS_INIT(CHANNELS);                                    \
        const soft_dice_labels t = SOFT_DICE_LABELS_INIT(labels, PIXELS, 0u);                                \
        soft_dice_softmax bad = table;                                                                       \
        CLASSES_REFUSED(SOFT_DICE_NULL, name(classes, &all, values, VALUES, NULL, &t, NULL));                \
        CLASSES_REFUSED(SOFT_DICE_MISALIGNED, name(classes, &all, values, VALUES,                            \
                        (const soft_dice_softmax *)(const void *)((const unsigned char *)&bad + 1), &t, NULL)); \
        bad.codes[200] = UINT32_MAX;                                                                         \
        CLASSES_REFUSED(SOFT_DICE_VERSION, name(classes, &all, values, VALUES, &bad, &t, NULL));             \
        bad = table;                                                                                         \
        bad.kind = signed_table.kind;                                                                        \
        CLASSES_REFUSED(SOFT_DICE_VERSION, name(classes, &all, values, VALUES, &bad, &t, NULL));             \
        memset(&bad, 0, sizeof bad);                                                                         \
        CLASSES_REFUSED(SOFT_DICE_VERSION, name(classes, &all, values, VALUES, &bad, &t, NULL));             \
    } while (0)

static void softmaxes(void) {
#define TABLED(name, into, channels, p, length, t, region) name(into, channels, p, length, t, region)
    EXCLUSIVE(soft_dice_softmax_classes_f32, floats, float_planes);
#undef TABLED
#define TABLED(name, into, channels, p, length, t, region) name(into, channels, p, length, &table, t, region)
    EXCLUSIVE(soft_dice_softmax_classes_i8, signs, sign_planes);
    EXCLUSIVE(soft_dice_softmax_classes_u8, bytes, byte_planes);
    SOFTMAX_REFUSED(soft_dice_softmax_classes_i8, signs);
    SOFTMAX_REFUSED(soft_dice_softmax_classes_u8, bytes);
}

int main(void) {
    fill();
    tables();
    sigmoids();
    softmaxes();
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
