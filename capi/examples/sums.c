/* Every sum of the shipped device maps, and every refusal: the same program on a board and on a PC, whose output must be
   the same. It fails if a sum or a status is not what it should be. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "device_map.h"
#include "soft_dice.h"

static int failures;

static void expect(const char *what, bool good) {
    if (!good) {
        printf("FAILED %s\n", what);
        failures += 1;
    }
}

static void print(const char *what, const soft_dice_sums *sums) {
    const soft_dice_u128 wide[] = {sums->p, sums->t, sums->pt, sums->pp, sums->tt, sums->min_p, sums->min_t};
    const uint64_t counts[] = {sums->count, sums->ignored, sums->invalid, sums->clamped};
    printf("%s", what);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        printf(" %llx", (unsigned long long)counts[i]);
    }
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        printf(" %llx:%016llx", (unsigned long long)wide[i].high, (unsigned long long)wide[i].low);
    }
    printf("\n");
}

static void print_score(const char *what, const soft_dice_score *score, const soft_dice_sums *sums) {
    int32_t q15 = 0;
    int64_t q31 = 0;
    float single = 0;
    double full = 0;
    const soft_dice_status status = soft_dice_score_q15(score, sums, &q15);
    expect(what, soft_dice_score_q31(score, sums, &q31) == status);
    expect(what, soft_dice_score_f32(score, sums, &single) == status);
    expect(what, soft_dice_score_f64(score, sums, &full) == status);
    uint32_t bits;
    uint64_t more;
    memcpy(&bits, &single, sizeof bits);
    memcpy(&more, &full, sizeof more);
    printf("%s: %s %ld %lld", what, soft_dice_text(status), (long)q15, (long long)q31);
    printf(" %08lx %016llx\n", (unsigned long)bits, (unsigned long long)more);
}

/* The maps of a device, each against the mask of the other picture's, in all ways that this interface has. */
static void maps(void) {
    static uint8_t mask[PIXELS], labels[PIXELS], bits[PIXELS / 8 + 1];
    static float probability[PIXELS];
    static int16_t q15[PIXELS];
    for (size_t at = 0; at < PIXELS; at++) {
        mask[at] = camera[at] >= 0 ? 255 : 0;
        labels[at] = (uint8_t)(at % 37 == 0 ? 255 : camera[at] >= 0);
        if (camera[at] >= 0) {
            bits[(at + 3) / 8] |= (uint8_t)(1U << (at + 3) % 8);
        }
        probability[at] = (float)(camera[at] + 128) / 256.0f;
        q15[at] = (int16_t)((astronaut[at] + 128) * 128);
    }

    const soft_dice_i8 map = {astronaut, PIXELS, SOFT_DICE_TFLITE_I8};
    const soft_dice_i8 other = {camera, PIXELS, SOFT_DICE_TFLITE_I8};
    const soft_dice_q15 words = {.data = q15, .pixels = PIXELS};
    const soft_dice_f32 floats = {.data = probability, .pixels = PIXELS};
    const soft_dice_mask bytes = {mask, PIXELS, SOFT_DICE_ZERO_FULL};
    const soft_dice_bits packed = {bits, sizeof bits, 3, SOFT_DICE_LSB_FIRST};
    const soft_dice_labels classes = {labels, PIXELS, 1, 1, 255};
    const soft_dice_own own = {0.5f, 0};

    soft_dice_sums sums[8] = {{0}};
    expect("mask", soft_dice_update_i8_mask(&sums[0], &map, &bytes, NULL) == SOFT_DICE_OK);
    expect("bits", soft_dice_update_i8_bits(&sums[1], &map, &packed, NULL) == SOFT_DICE_OK);
    expect("labels", soft_dice_update_i8_label(&sums[2], &map, &classes, NULL) == SOFT_DICE_OK);
    expect("own", soft_dice_update_i8_own(&sums[3], &map, &own, NULL) == SOFT_DICE_OK);
    expect("soft", soft_dice_update_i8_i8_all(&sums[4], &map, &other, NULL) == SOFT_DICE_OK);
    expect("float", soft_dice_update_i8_f32_all(&sums[5], &map, &floats, NULL) == SOFT_DICE_OK);
    expect("q15", soft_dice_update_q15_mask(&sums[6], &words, &bytes, NULL) == SOFT_DICE_OK);
    expect("f32", soft_dice_update_f32_bits_all(&sums[7], &floats, &packed, NULL) == SOFT_DICE_OK);
    static const char *const names[8] = {"mask", "bits", "label", "own", "soft", "float", "q15", "f32"};
    for (size_t i = 0; i < 8; i++) {
        print(names[i], &sums[i]);
    }
    expect("bytes and bits", memcmp(&sums[0].pt, &sums[1].pt, sizeof sums[0].pt) == 0 && sums[0].pt.low != 0);

    static const soft_dice_score dice = {0};
    static const soft_dice_score squared = {.kind = SOFT_DICE_SQUARED};
    static const soft_dice_score same = {.form = SOFT_DICE_JACCARD, .kind = SOFT_DICE_SEMIMETRIC};
    static const soft_dice_score tversky = {.form = SOFT_DICE_TVERSKY, .loss = 1, .alpha = 0.3, .beta = 0.7,
                                            .smooth_numerator = 1e-5, .smooth_denominator = 1e-5};
    for (size_t i = 0; i < 8; i++) {
        print_score(names[i], &dice, &sums[i]);
    }
    print_score("squared", &squared, &sums[4]);
    print_score("squared, not summed", &squared, &sums[0]);
    print_score("semimetric", &same, &sums[5]);
    print_score("tversky", &tversky, &sums[0]);

    /* Four tiles by rows, merged in another order, are the whole. */
    soft_dice_sums tiles[4] = {{0}}, whole = {0};
    const soft_dice_rows rows = {SIDE / 2, SIDE / 2, SIDE, SIDE, 0, NULL};
    for (size_t i = 0; i < 4; i++) {
        const size_t at = i / 2 * (SIDE / 2) * SIDE + i % 2 * (SIDE / 2);
        const soft_dice_i8 part = {astronaut + at, PIXELS - at, SOFT_DICE_TFLITE_I8};
        const soft_dice_mask under = {mask + at, PIXELS - at, SOFT_DICE_ZERO_FULL};
        expect("tile", soft_dice_update_i8_mask(&tiles[i], &part, &under, &rows) == SOFT_DICE_OK);
    }
    for (size_t i = 4; i-- > 0;) {
        expect("merge", soft_dice_merge(&whole, &tiles[i]) == SOFT_DICE_OK);
    }
    expect("tiles are the whole", memcmp(&whole, &sums[0], sizeof whole) == 0);
    expect("reset", soft_dice_reset(&whole) == SOFT_DICE_OK && whole.count == 0 && whole.version == 0);

    /* Many classes from one map of labels. */
    const soft_dice_channels both = SOFT_DICE_CHANNELS_INIT(2);
    soft_dice_sums many[2] = {{0}};
    soft_dice_mean mean = {0};
    const soft_dice_i8 pixels = {astronaut, PIXELS, SOFT_DICE_TFLITE_I8};
    const soft_dice_labels half = {labels, PIXELS / 2, 0, 1, 255};
    expect("classes", soft_dice_update_classes_i8(many, &both, &pixels, &half, NULL) == SOFT_DICE_OK);
    print("class 0", &many[0]);
    print("class 1", &many[1]);
    expect("mean", soft_dice_mean_of(&dice, many, 2, &mean) == SOFT_DICE_OK && mean.defined == 2);
    printf("mean %ld %d %d\n", (long)mean.q15, mean.defined, mean.absent);
}

/* Everything that can be wrong: the status, and sums as they were. */
static void refusals(void) {
    static const uint8_t good[8] = {9, 9, 9, 9, 9, 9, 9, 9}, ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    static const uint8_t broken[8] = {1, 0, 1, 2, 1, 0, 0, 1}, label[4] = {0, 1, 2, 0};
    static float values[8] = {0.5f, 0.25f, 1.0f, 0.0f, 0.5f, 0.5f, 0.5f, 0.5f};
    static int16_t words[8];
    static union {
        soft_dice_sums aligned[2];
        unsigned char bytes[1];
    } room;
    soft_dice_sums sums = {0}, before, two[2] = {{0}};
    const soft_dice_u8 p = {good, 8};
    const soft_dice_mask t = {ones, 8, SOFT_DICE_ZERO_ONE};
    static const soft_dice_score dice = {0};
    int32_t q15 = 77;
    expect("first", soft_dice_update_u8_mask(&sums, &p, &t, NULL) == SOFT_DICE_OK);
    before = sums;

#define REFUSED(wanted, call)                                                                                \
    do {                                                                                                     \
        const soft_dice_status got = (call);                                                                 \
        const bool same = memcmp(&before, &sums, sizeof sums) == 0;                                          \
        printf("refused %s: %s, unchanged %d\n", #wanted, soft_dice_text(got), same);                        \
        expect(#call, got == (wanted) && same);                                                              \
    } while (0)

    const soft_dice_mask shorter = {ones, 7, SOFT_DICE_ZERO_ONE}, bad = {broken, 8, SOFT_DICE_ZERO_ONE};
    const soft_dice_mask full = {ones, 8, SOFT_DICE_ZERO_FULL}, odd = {ones, 8, 9}, none = {NULL, 8, 0};
    REFUSED(SOFT_DICE_NULL, soft_dice_update_u8_mask(NULL, &p, &t, NULL));
    REFUSED(SOFT_DICE_NULL, soft_dice_update_u8_mask(&sums, NULL, &t, NULL));
    REFUSED(SOFT_DICE_NULL, soft_dice_update_u8_mask(&sums, &p, NULL, NULL));
    REFUSED(SOFT_DICE_NULL, soft_dice_update_u8_mask(&sums, &p, &none, NULL));
    REFUSED(SOFT_DICE_NULL, soft_dice_score_q15(&dice, &sums, NULL));
    REFUSED(SOFT_DICE_NULL, soft_dice_merge(&sums, NULL));
    REFUSED(SOFT_DICE_LENGTH, soft_dice_update_u8_mask(&sums, &p, &shorter, NULL));
    REFUSED(SOFT_DICE_MASK, soft_dice_update_u8_mask(&sums, &p, &bad, NULL));
    REFUSED(SOFT_DICE_MASK, soft_dice_update_u8_mask(&sums, &p, &full, NULL));
    REFUSED(SOFT_DICE_SETTING, soft_dice_update_u8_mask(&sums, &p, &odd, NULL));

    /* No object has more than half of the address space; a size in bytes must not wrap around either. */
    const soft_dice_u8 endless = {good, SIZE_MAX}, half = {good, SIZE_MAX / 2 + 1};
    const soft_dice_f32 wrapping = {values, SIZE_MAX / 4 + 2, SOFT_DICE_EXCLUDE};
    const soft_dice_bits bits = {ones, SIZE_MAX, 0, SOFT_DICE_LSB_FIRST}, far = {ones, 1, SIZE_MAX, SOFT_DICE_LSB_FIRST};
    REFUSED(SOFT_DICE_TOO_LONG, soft_dice_update_u8_mask(&sums, &endless, &t, NULL));
    REFUSED(SOFT_DICE_TOO_LONG, soft_dice_update_u8_mask(&sums, &half, &t, NULL));
    REFUSED(SOFT_DICE_TOO_LONG, soft_dice_update_f32_mask(&sums, &wrapping, &t, NULL));
    REFUSED(SOFT_DICE_TOO_LONG, soft_dice_update_u8_bits(&sums, &p, &bits, NULL));
    REFUSED(SOFT_DICE_LENGTH, soft_dice_update_u8_bits(&sums, &p, &far, NULL));
    REFUSED(SOFT_DICE_TOO_LONG, soft_dice_mean_of(&dice, &sums, SIZE_MAX / 64, &(soft_dice_mean){0}));

    const soft_dice_rows narrow = {4, 2, 3, 4, 0, NULL}, beyond = {4, 3, 4, 4, 0, NULL};
    const soft_dice_rows huge = {4, SIZE_MAX, SIZE_MAX, SIZE_MAX, 0, NULL};
    REFUSED(SOFT_DICE_ROWS, soft_dice_update_u8_mask(&sums, &p, &t, &narrow));
    REFUSED(SOFT_DICE_ROWS, soft_dice_update_u8_mask(&sums, &p, &t, &beyond));
    REFUSED(SOFT_DICE_ROWS, soft_dice_update_u8_mask(&sums, &p, &t, &huge));

    /* A pointer one byte on. Only its number is used, so that this program has no misaligned object itself. */
    const soft_dice_f32 crooked = {(const float *)(const void *)(room.bytes + 1), 8, SOFT_DICE_EXCLUDE};
    const soft_dice_q15 skewed = {(const int16_t *)(const void *)(room.bytes + 1), 8, 0, SOFT_DICE_EXCLUDE, 0};
    REFUSED(SOFT_DICE_MISALIGNED, soft_dice_update_f32_mask(&sums, &crooked, &t, NULL));
    REFUSED(SOFT_DICE_MISALIGNED, soft_dice_update_q15_mask(&sums, &skewed, &t, NULL));
    REFUSED(SOFT_DICE_MISALIGNED, soft_dice_update_u8_mask((soft_dice_sums *)(void *)(room.bytes + 2), &p, &t, NULL));

    /* Other pixels than these sums were begun with, and a struct that was never zeroed. */
    const soft_dice_u8 none_at_all = {NULL, 0};
    const soft_dice_i8 other = {(const int8_t *)good, 8, SOFT_DICE_TFLITE_I8};
    soft_dice_sums dirty;
    memset(&dirty, 0xA5, sizeof dirty);
    REFUSED(SOFT_DICE_MISMATCH, soft_dice_update_i8_mask(&sums, &other, &t, NULL));
    REFUSED(SOFT_DICE_MISMATCH, soft_dice_update_u8_mask_all(&sums, &p, &t, NULL));
    REFUSED(SOFT_DICE_VERSION, soft_dice_update_u8_mask(&dirty, &p, &t, NULL));
    REFUSED(SOFT_DICE_VERSION, soft_dice_merge(&sums, &dirty));
    REFUSED(SOFT_DICE_LENGTH, soft_dice_update_u8_mask(&sums, &none_at_all, &t, NULL));

    const soft_dice_i8 steep = {(const int8_t *)good, 8, {2.0f, 0, 0, 0}}, off = {(const int8_t *)good, 8, {0.1f, 128, 0, 0}};
    REFUSED(SOFT_DICE_SCALE, soft_dice_update_i8_mask(&sums, &steep, &t, NULL));
    REFUSED(SOFT_DICE_SETTING, soft_dice_update_i8_mask(&sums, &off, &t, NULL));

    /* NaN by each policy; the last one leaves nothing behind. */
    for (uint8_t range = SOFT_DICE_EXCLUDE; range <= SOFT_DICE_REFUSE; range++) {
        soft_dice_sums seen = {0};
        const soft_dice_f32 floats = {values, 8, range};
        values[3] = NAN;
        values[4] = 1.5f;
        const soft_dice_status status = soft_dice_update_f32_mask(&seen, &floats, &t, NULL);
        printf("nan by policy %d: %s\n", range, soft_dice_text(status));
        print("nan", &seen);
        expect("nan", status == (range == SOFT_DICE_REFUSE ? SOFT_DICE_RANGE : SOFT_DICE_OK));
        expect("nan, counted", seen.invalid == (range == SOFT_DICE_EXCLUDE ? 2 : range == SOFT_DICE_CLAMP ? 1 : 0));
        expect("nan, clamped", seen.clamped == (range == SOFT_DICE_CLAMP ? 1 : 0));
    }
    words[5] = -1;
    const soft_dice_q15 strict = {words, 8, 0, SOFT_DICE_REFUSE, 0};
    REFUSED(SOFT_DICE_RANGE, soft_dice_update_q15_mask(&sums, &strict, &t, NULL));

    /* Many classes: all or none. */
    const soft_dice_u8 pixels = {good, 8};
    const soft_dice_labels outside = {label, 4, 0, 0, 0}, kept = {label, 4, 0, 1, 2}, three = {label, 3, 0, 1, 2};
    const soft_dice_sums empty = {0};
    const soft_dice_channels pair = SOFT_DICE_CHANNELS_INIT(2), no_channel = SOFT_DICE_CHANNELS_INIT(0);
    REFUSED(SOFT_DICE_LABEL, soft_dice_update_classes_u8(two, &pair, &pixels, &outside, NULL));
    REFUSED(SOFT_DICE_LENGTH, soft_dice_update_classes_u8(two, &pair, &pixels, &three, NULL));
    REFUSED(SOFT_DICE_CLASSES, soft_dice_update_classes_u8(two, &no_channel, &pixels, &kept, NULL));
    const soft_dice_f32 refusing = {values, 8, SOFT_DICE_REFUSE};
    REFUSED(SOFT_DICE_RANGE, soft_dice_update_classes_f32(two, &pair, &refusing, &kept, NULL));
    expect("classes unchanged", memcmp(&two[0], &empty, sizeof empty) == 0 && memcmp(&two[1], &empty, sizeof empty) == 0);
    expect("ignored", soft_dice_update_classes_u8(two, &pair, &pixels, &kept, NULL) == SOFT_DICE_OK && two[1].ignored == 1);

    /* Empty maps, by each policy. */
    const soft_dice_score one = {.both_empty = SOFT_DICE_ONE}, skip = {.both_empty = SOFT_DICE_SKIP}, wrong = {.form = 9};
    expect("one", soft_dice_score_q15(&one, &empty, &q15) == SOFT_DICE_OK && q15 == 32768);
    REFUSED(SOFT_DICE_UNDEFINED, soft_dice_score_q15(&dice, &empty, &q15));
    REFUSED(SOFT_DICE_SKIPPED, soft_dice_score_q15(&skip, &empty, &q15));
    REFUSED(SOFT_DICE_SETTING, soft_dice_score_q15(&wrong, &sums, &q15));
    expect("result unchanged", q15 == 32768);

    /* 2^40 pixels are all that fit. */
    soft_dice_sums filled = sums;
    filled.count = (UINT64_C(1) << 40) - 4;
    expect("capacity", soft_dice_update_u8_mask(&filled, &p, &t, NULL) == SOFT_DICE_CAPACITY && filled.pt.low == sums.pt.low);
}

int main(void) {
    expect("interface", soft_dice_interface() == SOFT_DICE_INTERFACE);
    maps();
    refusals();
    printf("%d failures\n", failures);
    return failures == 0 ? 0 : 1;
}
