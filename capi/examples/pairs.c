/* Every pair of element and target, and the short way: sums of the same numbers on a board and on a PC, and each function's
   refusals. It fails if a status is not what it should be. */
#include <stdio.h>
#include <string.h>

#include "soft_dice.h"

#define PIXELS 61u

static int failures;

static uint8_t grey[PIXELS], mask[PIXELS], labels[PIXELS], bits[PIXELS / 8u + 1u];
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
    uint32_t random = 7;
    for (size_t at = 0; at < PIXELS; at++) {
        random = random * 1664525u + 1013904223u;
        grey[at] = (uint8_t)(random >> 24);
        codes[at] = (int8_t)(grey[at] - 128);
        words[at] = (uint16_t)(random >> 16);
        q15[at] = (int16_t)(random >> 17);
        floats[at] = (float)(random >> 8) / 16777216.0f;
        mask[at] = (uint8_t)(random >> 12 & 1u);
        labels[at] = (uint8_t)((random >> 9) % 3u);
        bits[at / 8u] |= (uint8_t)(mask[at] << at % 8u);
    }
}

static void print(const char *what, const soft_dice_sums *sums) {
    const soft_dice_u128 wide[] = {sums->p, sums->t, sums->pt, sums->pp, sums->tt, sums->min_p, sums->min_t};
    printf("%s %lx", what, (unsigned long)sums->count);
    for (size_t at = 0; at < sizeof wide / sizeof wide[0]; at++) {
        printf(" %llx:%llx", (unsigned long long)wide[at].high, (unsigned long long)wide[at].low);
    }
    printf("\n");
}

/* A status, and sums as they were. */
#define REFUSED(wanted, sums, before, call) \
    expect(#call, (call) == (wanted) && memcmp(&(sums), &(before), sizeof(sums)) == 0)

/* A pair's function: what it adds, and what it refuses. */
#define RUN(function, p, t)                                                                          \
    do {                                                                                             \
        soft_dice_sums sums = SOFT_DICE_SUMS_INIT, before, dirty;                                    \
        const soft_dice_rows beyond = SOFT_DICE_ROWS_INIT(PIXELS, 2u);                               \
        expect(#function, function(&sums, &(p), &(t), NULL) == SOFT_DICE_OK);                        \
        print(#function, &sums);                                                                     \
        before = sums;                                                                               \
        REFUSED(SOFT_DICE_NULL, sums, before, function(NULL, &(p), &(t), NULL));                     \
        REFUSED(SOFT_DICE_NULL, sums, before, function(&sums, NULL, &(t), NULL));                    \
        REFUSED(SOFT_DICE_NULL, sums, before, function(&sums, &(p), NULL, NULL));                    \
        REFUSED(SOFT_DICE_ROWS, sums, before, function(&sums, &(p), &(t), &beyond));                 \
        REFUSED(SOFT_DICE_MISALIGNED, sums, before,                                                  \
                function((soft_dice_sums *)(void *)((unsigned char *)&sums + 2), &(p), &(t), NULL)); \
        dirty = before;                                                                              \
        dirty.version = 9;                                                                           \
        before = dirty;                                                                              \
        REFUSED(SOFT_DICE_VERSION, dirty, before, function(&dirty, &(p), &(t), NULL));               \
        dirty.count = (UINT64_C(1) << 40) - 1u;                                                      \
        dirty.version = sums.version;                                                                \
        before = dirty;                                                                              \
        REFUSED(SOFT_DICE_CAPACITY, dirty, before, function(&dirty, &(p), &(t), NULL));              \
    } while (0)

#define ELEMENT(element, map)                                       \
    static void run_##element(void) {                               \
        const soft_dice_##element p = map;                          \
        const soft_dice_mask bytes = SOFT_DICE_MASK_INIT(mask, PIXELS, SOFT_DICE_ZERO_ONE);       \
        const soft_dice_bits packed = SOFT_DICE_BITS_INIT(bits, sizeof bits, SOFT_DICE_LSB_FIRST); \
        const soft_dice_labels one = SOFT_DICE_LABELS_INIT(labels, PIXELS, 1u);                   \
        const soft_dice_own own = SOFT_DICE_OWN_INIT;               \
        RUN(soft_dice_update_##element##_mask, p, bytes);           \
        RUN(soft_dice_update_##element##_mask_all, p, bytes);       \
        RUN(soft_dice_update_##element##_bits, p, packed);          \
        RUN(soft_dice_update_##element##_bits_all, p, packed);      \
        RUN(soft_dice_update_##element##_label, p, one);            \
        RUN(soft_dice_update_##element##_label_all, p, one);        \
        RUN(soft_dice_update_##element##_own, p, own);              \
        RUN(soft_dice_update_##element##_own_all, p, own);          \
        RUN(soft_dice_update_##element##_##element, p, p);          \
        RUN(soft_dice_update_##element##_##element##_all, p, p);    \
    }

ELEMENT(u8, SOFT_DICE_U8_INIT(grey, PIXELS))
ELEMENT(i8, SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8))
ELEMENT(affine_u8, SOFT_DICE_AFFINE_U8_INIT(grey, PIXELS, SOFT_DICE_ONNXRUNTIME_U8))
ELEMENT(u16, SOFT_DICE_U16_INIT(words, PIXELS))
ELEMENT(q15, SOFT_DICE_Q15_INIT(q15, PIXELS))
ELEMENT(f32, SOFT_DICE_F32_INIT(floats, PIXELS))

/* The short way: byte for byte what the long one gives. */
static void direct(void) {
    const soft_dice_u8 bytes = SOFT_DICE_U8_INIT(grey, PIXELS);
    const soft_dice_i8 signs = SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8);
    const soft_dice_mask against = SOFT_DICE_MASK_INIT(mask, PIXELS, SOFT_DICE_NON_ZERO);
    const soft_dice_labels one = SOFT_DICE_LABELS_INIT(labels, PIXELS, 1u);
    const soft_dice_own own = SOFT_DICE_OWN_INIT;
    const soft_dice_sums none = SOFT_DICE_SUMS_INIT;
    const soft_dice_score jaccard = SOFT_DICE_SCORE_INIT(SOFT_DICE_JACCARD);
    soft_dice_sums direct[5], update[5];
    int32_t dice = 0, iou = 0, same = 1;
    for (size_t at = 0; at < 5u; at++) {
        direct[at] = none;
        update[at] = none;
    }
    expect("add", soft_dice_add_u8_mask(&direct[0], grey, mask, PIXELS) == SOFT_DICE_OK);
    expect("add", soft_dice_add_i8_mask(&direct[1], codes, mask, PIXELS) == SOFT_DICE_OK);
    expect("add", soft_dice_add_i8_label(&direct[2], codes, labels, PIXELS, 1u) == SOFT_DICE_OK);
    expect("add", soft_dice_add_u8_own(&direct[3], grey, PIXELS) == SOFT_DICE_OK);
    expect("add", soft_dice_add_i8_own(&direct[4], codes, PIXELS) == SOFT_DICE_OK);
    expect("update", soft_dice_update_u8_mask(&update[0], &bytes, &against, NULL) == SOFT_DICE_OK);
    expect("update", soft_dice_update_i8_mask(&update[1], &signs, &against, NULL) == SOFT_DICE_OK);
    expect("update", soft_dice_update_i8_label(&update[2], &signs, &one, NULL) == SOFT_DICE_OK);
    expect("update", soft_dice_update_u8_own(&update[3], &bytes, &own, NULL) == SOFT_DICE_OK);
    expect("update", soft_dice_update_i8_own(&update[4], &signs, &own, NULL) == SOFT_DICE_OK);
    for (size_t at = 0; at < 5u; at++) {
        expect("the short way is the long one", memcmp(&direct[at], &update[at], sizeof direct[at]) == 0);
        expect("dice", soft_dice_dice_q15(&direct[at], &dice) == SOFT_DICE_OK);
        expect("jaccard", soft_dice_jaccard_q15(&direct[at], &iou) == SOFT_DICE_OK);
        expect("jaccard", soft_dice_score_q15(&jaccard, &direct[at], &same) == SOFT_DICE_OK && same == iou);
        printf("short way %ld %ld\n", (long)dice, (long)iou);
    }
    soft_dice_sums *const skew = (soft_dice_sums *)(void *)((unsigned char *)&direct[0] + 1);
    REFUSED(SOFT_DICE_NULL, direct[0], update[0], soft_dice_add_u8_mask(NULL, grey, mask, PIXELS));
    REFUSED(SOFT_DICE_NULL, direct[0], update[0], soft_dice_add_u8_mask(&direct[0], NULL, mask, PIXELS));
    REFUSED(SOFT_DICE_NULL, direct[0], update[0], soft_dice_add_u8_mask(&direct[0], grey, NULL, PIXELS));
    REFUSED(SOFT_DICE_TOO_LONG, direct[0], update[0], soft_dice_add_u8_mask(&direct[0], grey, mask, SIZE_MAX));
    REFUSED(SOFT_DICE_MISALIGNED, direct[0], update[0], soft_dice_add_u8_mask(skew, grey, mask, PIXELS));
    REFUSED(SOFT_DICE_MISMATCH, direct[0], update[0], soft_dice_add_i8_mask(&direct[0], codes, mask, PIXELS));
    REFUSED(SOFT_DICE_MISMATCH, direct[0], update[0], soft_dice_add_i8_label(&direct[0], codes, labels, PIXELS, 1u));
    REFUSED(SOFT_DICE_NULL, direct[0], update[0], soft_dice_add_u8_own(&direct[0], NULL, PIXELS));
    REFUSED(SOFT_DICE_MISMATCH, direct[0], update[0], soft_dice_add_i8_own(&direct[0], codes, PIXELS));
    expect("dice of nothing", soft_dice_dice_q15(&none, &dice) == SOFT_DICE_UNDEFINED);
    expect("dice of null", soft_dice_dice_q15(NULL, &dice) == SOFT_DICE_NULL);
    expect("jaccard into null", soft_dice_jaccard_q15(&direct[0], NULL) == SOFT_DICE_NULL);
}

/* The rest of what no other program calls. */
static void others(void) {
    const soft_dice_i8 signs = SOFT_DICE_I8_INIT(codes, PIXELS, SOFT_DICE_TFLITE_I8);
    const soft_dice_f32 soft = SOFT_DICE_F32_INIT(floats, PIXELS);
    const soft_dice_affine_u8 pixels = SOFT_DICE_AFFINE_U8_INIT(grey, 20u, SOFT_DICE_TFLITE_U8);
    const soft_dice_labels ten = SOFT_DICE_LABELS_INIT(mask, 10u, 0u);
    const soft_dice_channels both = SOFT_DICE_CHANNELS_INIT(2u);
    soft_dice_sums classes[2] = {SOFT_DICE_SUMS_INIT, SOFT_DICE_SUMS_INIT};
    RUN(soft_dice_update_i8_f32, signs, soft);
    RUN(soft_dice_update_i8_f32_all, signs, soft);
    expect("classes", soft_dice_update_classes_affine_u8(classes, &both, &pixels, &ten, NULL) == SOFT_DICE_OK);
    print("classes", &classes[1]);
    expect("classes of null", soft_dice_update_classes_affine_u8(NULL, &both, &pixels, &ten, NULL) == SOFT_DICE_NULL);
    expect("version", strcmp(soft_dice_library_version(), SOFT_DICE_VERSION_TEXT) == 0);
}

int main(void) {
    fill();
    run_u8();
    run_i8();
    run_affine_u8();
    run_u16();
    run_q15();
    run_f32();
    direct();
    others();
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
