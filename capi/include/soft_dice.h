// Soft Dice for C: the overlap of a predicted segmentation with a reference, from the buffers a device has.
// Written by cbindgen from the crate; the test `header` writes it anew with SOFT_DICE_BLESS=1.
//
//     soft_dice_sums frame = {0};
//     soft_dice_i8 scores = {buffer, pixels, SOFT_DICE_TFLITE_I8};
//     soft_dice_mask mask = {bytes, pixels, SOFT_DICE_NON_ZERO};
//     soft_dice_update_i8_mask(&frame, &scores, &mask, NULL);      // as often as there are chunks
//     static const soft_dice_score dice = {0};
//     int32_t q15;
//     soft_dice_score_q15(&dice, &frame, &q15);                    // 32768 is 1.0
//
// Memory    All of it is the caller's: nothing is allocated, kept or called back. Pointers are used during the
//           call alone. Sums must not overlap the buffers of the same call.
// Errors    Every call returns a status. Any but SOFT_DICE_OK has changed nothing, neither sums nor results.
//           Null, misaligned and absurdly long arguments are refused; a length of 0 needs no pointer. What no
//           library can see, a pointer to memory that is not yours, stays yours to get right.
// Threads   One owner at a time: the same sums must not be in two calls at once. There is no other state, so
//           different sums may be used at once from threads, cores and interrupts, without a lock.


#ifndef SOFT_DICE_H
#define SOFT_DICE_H

#include <stddef.h>
#include <stdint.h>

// Initialisers of soft_dice_affine: the outputs of sigmoid and softmax in TensorFlow Lite and onnxruntime.
#define SOFT_DICE_TFLITE_I8 {1.0f / 256.0f, -128, 0, 0}
#define SOFT_DICE_TFLITE_U8 {1.0f / 256.0f, 0, 0, 0}
#define SOFT_DICE_ONNXRUNTIME_I8 {1.0f / 255.0f, -128, 0, 1}
#define SOFT_DICE_ONNXRUNTIME_U8 {1.0f / 255.0f, 0, 0, 1}


// The interface that this header describes; `soft_dice_interface` says which one the library has.
#define SOFT_DICE_INTERFACE 1

// In `kept`: there are `pp` and `tt`.
#define SOFT_DICE_SQUARES 1

// In `kept`: there are `min_p` and `min_t`.
#define SOFT_DICE_MINIMA 2

// What became of a call. The numbers stay. Any but `SOFT_DICE_OK` has changed nothing.
enum soft_dice_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Done.
  SOFT_DICE_OK = 0,
  // A pointer is null, and its length is not 0.
  SOFT_DICE_NULL = 1,
  // A pointer is not aligned for its type.
  SOFT_DICE_MISALIGNED = 2,
  // A length is more than an object can have, or runs past the end of the address space.
  SOFT_DICE_TOO_LONG = 3,
  // Prediction and target hold different numbers of pixels.
  SOFT_DICE_LENGTH = 4,
  // A stride is smaller than the width, or the rows do not fit in the buffer.
  SOFT_DICE_ROWS = 5,
  // The sums have no room for this many pixels: 2^40 is all they hold.
  SOFT_DICE_CAPACITY = 6,
  // A pixel is no number in [0, 1], and `SOFT_DICE_REFUSE` was asked for.
  SOFT_DICE_RANGE = 7,
  // A byte of a mask declared {0, 1} or {0, 255} has another value.
  SOFT_DICE_MASK = 8,
  // A scale is not finite, or not from 2^-30 to 1.
  SOFT_DICE_SCALE = 9,
  // A zero point, dead zone, threshold, weight, smoothing or choice is outside its range.
  SOFT_DICE_SETTING = 10,
  // Sums of unlike element, target or kind were to be added up.
  SOFT_DICE_MISMATCH = 11,
  // These are no sums: the struct was neither zeroed nor written by this library.
  SOFT_DICE_VERSION = 12,
  // The score needs squares or minima: use the `_all` functions.
  SOFT_DICE_NOT_SUMMED = 13,
  // There are no classes, or more than 256.
  SOFT_DICE_CLASSES = 14,
  // The map does not hold whole pixels of so many channels.
  SOFT_DICE_SPLIT = 15,
  // A label is neither a class nor the ignore label.
  SOFT_DICE_LABEL = 16,
  // The score is 0/0, or its policy for empty maps says so.
  SOFT_DICE_UNDEFINED = 17,
  // The policy for empty maps leaves this score out.
  SOFT_DICE_SKIPPED = 18,
  // An error that this header has no name for.
  SOFT_DICE_OTHER = 99,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum soft_dice_status soft_dice_status;
#else
typedef int32_t soft_dice_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// A number of 128 bits: high * 2^64 + low. Sums of 8-bit codes and of float against a mask stay in `low`.
typedef struct soft_dice_u128 {
  // The lower half.
  uint64_t low;
  // The upper half.
  uint64_t high;
} soft_dice_u128;

// The value of one code: mul / (div * 2^shift), exactly.
typedef struct soft_dice_unit {
  // Numerator.
  uint32_t mul;
  // Denominator that is no power of two, else 1.
  uint16_t div;
  // Binary places.
  uint8_t shift;
  // 0, in place of padding: equal sums are equal byte for byte.
  uint8_t reserved;
} soft_dice_unit;

// The exact sums over the pixels so far: plain data, yours to place, copy, send and read. All zero is empty:
//
//     soft_dice_sums frame = {0};
//
// The first update sets the units; later ones, and what is merged, must have the same. Sums are of q - zero_point, and
// ignored and invalid pixels are in none of them and not in `count`. 2^40 pixels fit.
typedef struct soft_dice_sums {
  // Pixels in the sums.
  uint64_t count;
  // Pixels left out by the ignore label.
  uint64_t ignored;
  // Pixels left out because a value was not in [0, 1].
  uint64_t invalid;
  // Pixels in the sums with a value read as the nearest inside [0, 1].
  uint64_t clamped;
  // Sum of p, in `unit_p`.
  struct soft_dice_u128 p;
  // Sum of t, in `unit_t`.
  struct soft_dice_u128 t;
  // Sum of p * t, in the product of the units (of two float maps: in `unit_p`, rounded pixel by pixel).
  struct soft_dice_u128 pt;
  // Sum of p * p, if `kept` has `SOFT_DICE_SQUARES`.
  struct soft_dice_u128 pp;
  // Sum of t * t.
  struct soft_dice_u128 tt;
  // Sum of p where p <= t, if `kept` has `SOFT_DICE_MINIMA`.
  struct soft_dice_u128 min_p;
  // Sum of t where p > t.
  struct soft_dice_u128 min_t;
  // The value of one code of p.
  struct soft_dice_unit unit_p;
  // The value of one code of t.
  struct soft_dice_unit unit_t;
  // The raw code of p that denotes 0.
  int32_t zero_point_p;
  // The raw code of t that denotes 0.
  int32_t zero_point_t;
  // Of the format of these sums; 0 is empty.
  uint16_t version;
  // What was rounded to its unit, pixel by pixel: 1 pt, 2 pp, 4 tt. All else is exact.
  uint8_t rounded;
  // 1 if every target pixel was 0 or 1.
  uint8_t hard;
  // `SOFT_DICE_SQUARES`, `SOFT_DICE_MINIMA`.
  uint8_t kept;
  // 0, in place of padding.
  uint8_t reserved[3];
} soft_dice_sums;

// Bytes of 1/255: grey levels.
typedef struct soft_dice_u8 {
  // A byte for each pixel.
  const uint8_t *data;
  // How many.
  size_t pixels;
} soft_dice_u8;

// What the bytes of a mask may be: one of `SOFT_DICE_NON_ZERO`, `SOFT_DICE_ZERO_ONE`, `SOFT_DICE_ZERO_FULL`.
typedef uint8_t soft_dice_mask_kind;

// A mask of a byte for each pixel.
typedef struct soft_dice_mask {
  // A byte for each pixel.
  const uint8_t *data;
  // How many.
  size_t pixels;
  // What the bytes may be.
  soft_dice_mask_kind kind;
} soft_dice_mask;

// Rows of pixels in larger buffers: a window of a map. Strides are in pixels, also those of bit masks. The last row may
// end with its last pixel.
typedef struct soft_dice_rows {
  // Pixels of a row.
  size_t width;
  // Rows.
  size_t height;
  // From the beginning of one row of the prediction to the next; at least `width`.
  size_t stride;
  // The same in the target.
  size_t target_stride;
} soft_dice_rows;

// Where the first pixel of a byte is: one of `SOFT_DICE_LSB_FIRST`, `SOFT_DICE_MSB_FIRST`.
typedef uint8_t soft_dice_bit_order;

// A mask of a bit for each pixel. The bytes are those that the pixels of a call touch, no more.
typedef struct soft_dice_bits {
  // Eight pixels in each byte.
  const uint8_t *data;
  // How many bytes.
  size_t bytes;
  // Bits before the first pixel: a chunk need not begin at a byte.
  size_t offset;
  // Where the first pixel of a byte is.
  soft_dice_bit_order order;
} soft_dice_bits;

// A map of labels. One class of it is compared, or all of them (`soft_dice_update_classes_...`).
typedef struct soft_dice_labels {
  // A label for each pixel.
  const uint8_t *data;
  // How many.
  size_t pixels;
  // The class that is foreground, where one is compared.
  uint8_t label;
  // Not 0: pixels that bear `ignore` are left out and counted as ignored.
  uint8_t ignoring;
  // That label.
  uint8_t ignore;
} soft_dice_labels;

// The prediction's own mask: its score is the Soft Dice Confidence, which needs no labels.
typedef struct soft_dice_own {
  // Pixels from this probability on are foreground.
  float threshold;
  // Not 0: only those above it.
  uint8_t above;
} soft_dice_own;

// What 8-bit codes denote: (q - zero_point) * scale. `SOFT_DICE_TFLITE_I8` and the like are initialisers for it.
typedef struct soft_dice_affine {
  // From 2^-30 to 1.
  float scale;
  // The code that denotes 0.
  int32_t zero_point;
  // Codes up to this, counted from the zero point, are read as 0.
  uint8_t dead_zone;
  // Not 0: the largest code denotes 1.0. TensorFlow Lite's 256ths become 255ths.
  uint8_t full_scale;
} soft_dice_affine;

// 8-bit codes as inference engines write them, signed.
typedef struct soft_dice_i8 {
  // A code for each pixel.
  const int8_t *data;
  // How many.
  size_t pixels;
  // What the codes denote.
  struct soft_dice_affine codes;
} soft_dice_i8;

// What becomes of a pixel that is not in [0, 1] (beyond 1e-6 for float): one of `SOFT_DICE_EXCLUDE`,
// `SOFT_DICE_CLAMP`, `SOFT_DICE_REFUSE`.
typedef uint8_t soft_dice_range;

// Probabilities as float, each rounded once to 2^-23.
typedef struct soft_dice_f32 {
  // A value for each pixel.
  const float *data;
  // How many.
  size_t pixels;
  // What becomes of NaN, infinities and values outside [0, 1].
  soft_dice_range range;
} soft_dice_f32;

// 8-bit codes as inference engines write them, unsigned.
typedef struct soft_dice_affine_u8 {
  // A code for each pixel.
  const uint8_t *data;
  // How many.
  size_t pixels;
  // What the codes denote.
  struct soft_dice_affine codes;
} soft_dice_affine_u8;

// Q15: 32768 would be 1.0; negative codes are out of range.
typedef struct soft_dice_q15 {
  // A code for each pixel.
  const int16_t *data;
  // How many.
  size_t pixels;
  // Codes up to this are read as 0; at most 32767.
  uint16_t dead_zone;
  // What becomes of negative codes.
  soft_dice_range range;
  // Not 0: 32767 denotes 1.0.
  uint8_t full_scale;
} soft_dice_q15;

// Which overlap: one of `SOFT_DICE_DICE`, `SOFT_DICE_JACCARD`, `SOFT_DICE_TVERSKY`, `SOFT_DICE_PRECISION`,
// `SOFT_DICE_RECALL`. I, P, T, PP, TT and m are the sums pt, p, t, pp, tt and of min(p, t).
typedef uint8_t soft_dice_form;

// Of which sums Dice and Jaccard are made: one of `SOFT_DICE_LINEAR`, `SOFT_DICE_SQUARED`, `SOFT_DICE_SEMIMETRIC`.
typedef uint8_t soft_dice_kind;

// What a score of empty maps is, apart from smoothing: one of `SOFT_DICE_FORMULA` ... `SOFT_DICE_SKIP`.
typedef uint8_t soft_dice_empty;

// A score. All zero is the linear Dice; give by name what differs:
//
//     static const soft_dice_score tversky = {.form = SOFT_DICE_TVERSKY, .alpha = 0.3, .beta = 0.7};
typedef struct soft_dice_score {
  // Which overlap.
  soft_dice_form form;
  // Of which sums.
  soft_dice_kind kind;
  // What it is where p and t are empty.
  soft_dice_empty both_empty;
  // Where t alone is empty.
  soft_dice_empty target_empty;
  // Where p alone is empty.
  soft_dice_empty prediction_empty;
  // Not 0: 1 - score.
  uint8_t loss;
  // Of Tversky: from 0 to below 4, taken to 2^-30.
  double alpha;
  // The same.
  double beta;
  // Added to the numerator, in pixels: from 0 to below 65536, taken to 2^-48.
  double smooth_numerator;
  // Added to the denominator.
  double smooth_denominator;
} soft_dice_score;

// A mean over classes, and how many stand behind it.
typedef struct soft_dice_mean {
  // The mean in Q15.
  int32_t q15;
  // The mean as float.
  float f32;
  // Classes in it.
  uint16_t defined;
  // Classes without a target pixel: they are left out.
  uint16_t absent;
} soft_dice_mean;

// It is left out of every sum and counted as invalid.
#define SOFT_DICE_EXCLUDE 0

// It is read as the nearer of 0 and 1 and counted as clamped; NaN is left out and counted as invalid.
#define SOFT_DICE_CLAMP 1

// The call is refused with `SOFT_DICE_RANGE`.
#define SOFT_DICE_REFUSE 2

// 0 is background, anything else foreground.
#define SOFT_DICE_NON_ZERO 0

// 0 or 1; another value is `SOFT_DICE_MASK`.
#define SOFT_DICE_ZERO_ONE 1

// 0 or 255; another value is `SOFT_DICE_MASK`.
#define SOFT_DICE_ZERO_FULL 2

// In the lowest bit.
#define SOFT_DICE_LSB_FIRST 0

// In the highest bit.
#define SOFT_DICE_MSB_FIRST 1

// 2I / (P + T)
#define SOFT_DICE_DICE 0

// I / (P + T - I)
#define SOFT_DICE_JACCARD 1

// I / (I + alpha (P - I) + beta (T - I)): alpha weighs false positives, beta false negatives.
#define SOFT_DICE_TVERSKY 2

// I / P
#define SOFT_DICE_PRECISION 3

// I / T
#define SOFT_DICE_RECALL 4

// I, P, T
#define SOFT_DICE_LINEAR 0

// I, PP, TT; needs the `_all` updates.
#define SOFT_DICE_SQUARED 1

// m, P, T; needs the `_all` updates where the target is soft.
#define SOFT_DICE_SEMIMETRIC 2

// What the formula gives; 0/0 is `SOFT_DICE_UNDEFINED`.
#define SOFT_DICE_FORMULA 0

// `SOFT_DICE_UNDEFINED`; a mean with it is undefined too.
#define SOFT_DICE_NONE 1

// 0
#define SOFT_DICE_ZERO 2

// 1
#define SOFT_DICE_ONE 3

// `SOFT_DICE_SKIPPED`; a mean leaves it out.
#define SOFT_DICE_SKIP 4

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The interface of the library that is linked. It should equal `SOFT_DICE_INTERFACE`.
uint32_t soft_dice_interface(void);

// What a status means, in English; a string that lives for ever. Any number may be asked for.
const char *soft_dice_text(int32_t status);

// Adds the sums of other pixels, in any order: of another tile, core or device.
soft_dice_status soft_dice_merge(struct soft_dice_sums *sums, const struct soft_dice_sums *other);

// Forgets all pixels and the kind, for the next frame. The same as zeroing the struct.
soft_dice_status soft_dice_reset(struct soft_dice_sums *sums);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_u8_mask(struct soft_dice_sums *sums,
                                          const struct soft_dice_u8 *p,
                                          const struct soft_dice_mask *t,
                                          const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_u8_mask_all(struct soft_dice_sums *sums,
                                              const struct soft_dice_u8 *p,
                                              const struct soft_dice_mask *t,
                                              const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_u8_bits(struct soft_dice_sums *sums,
                                          const struct soft_dice_u8 *p,
                                          const struct soft_dice_bits *t,
                                          const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_u8_bits_all(struct soft_dice_sums *sums,
                                              const struct soft_dice_u8 *p,
                                              const struct soft_dice_bits *t,
                                              const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_u8_label(struct soft_dice_sums *sums,
                                           const struct soft_dice_u8 *p,
                                           const struct soft_dice_labels *t,
                                           const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_u8_label_all(struct soft_dice_sums *sums,
                                               const struct soft_dice_u8 *p,
                                               const struct soft_dice_labels *t,
                                               const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_u8_own(struct soft_dice_sums *sums,
                                         const struct soft_dice_u8 *p,
                                         const struct soft_dice_own *t,
                                         const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_u8_own_all(struct soft_dice_sums *sums,
                                             const struct soft_dice_u8 *p,
                                             const struct soft_dice_own *t,
                                             const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_u8_u8(struct soft_dice_sums *sums,
                                        const struct soft_dice_u8 *p,
                                        const struct soft_dice_u8 *t,
                                        const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_u8_u8_all(struct soft_dice_sums *sums,
                                            const struct soft_dice_u8 *p,
                                            const struct soft_dice_u8 *t,
                                            const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_i8_mask(struct soft_dice_sums *sums,
                                          const struct soft_dice_i8 *p,
                                          const struct soft_dice_mask *t,
                                          const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_i8_mask_all(struct soft_dice_sums *sums,
                                              const struct soft_dice_i8 *p,
                                              const struct soft_dice_mask *t,
                                              const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_i8_bits(struct soft_dice_sums *sums,
                                          const struct soft_dice_i8 *p,
                                          const struct soft_dice_bits *t,
                                          const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_i8_bits_all(struct soft_dice_sums *sums,
                                              const struct soft_dice_i8 *p,
                                              const struct soft_dice_bits *t,
                                              const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_i8_label(struct soft_dice_sums *sums,
                                           const struct soft_dice_i8 *p,
                                           const struct soft_dice_labels *t,
                                           const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_i8_label_all(struct soft_dice_sums *sums,
                                               const struct soft_dice_i8 *p,
                                               const struct soft_dice_labels *t,
                                               const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_i8_own(struct soft_dice_sums *sums,
                                         const struct soft_dice_i8 *p,
                                         const struct soft_dice_own *t,
                                         const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_i8_own_all(struct soft_dice_sums *sums,
                                             const struct soft_dice_i8 *p,
                                             const struct soft_dice_own *t,
                                             const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_i8_i8(struct soft_dice_sums *sums,
                                        const struct soft_dice_i8 *p,
                                        const struct soft_dice_i8 *t,
                                        const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_i8_i8_all(struct soft_dice_sums *sums,
                                            const struct soft_dice_i8 *p,
                                            const struct soft_dice_i8 *t,
                                            const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_i8_f32(struct soft_dice_sums *sums,
                                         const struct soft_dice_i8 *p,
                                         const struct soft_dice_f32 *t,
                                         const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_i8_f32_all(struct soft_dice_sums *sums,
                                             const struct soft_dice_i8 *p,
                                             const struct soft_dice_f32 *t,
                                             const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_affine_u8_mask(struct soft_dice_sums *sums,
                                                 const struct soft_dice_affine_u8 *p,
                                                 const struct soft_dice_mask *t,
                                                 const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_affine_u8_mask_all(struct soft_dice_sums *sums,
                                                     const struct soft_dice_affine_u8 *p,
                                                     const struct soft_dice_mask *t,
                                                     const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_affine_u8_bits(struct soft_dice_sums *sums,
                                                 const struct soft_dice_affine_u8 *p,
                                                 const struct soft_dice_bits *t,
                                                 const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_affine_u8_bits_all(struct soft_dice_sums *sums,
                                                     const struct soft_dice_affine_u8 *p,
                                                     const struct soft_dice_bits *t,
                                                     const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_affine_u8_label(struct soft_dice_sums *sums,
                                                  const struct soft_dice_affine_u8 *p,
                                                  const struct soft_dice_labels *t,
                                                  const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_affine_u8_label_all(struct soft_dice_sums *sums,
                                                      const struct soft_dice_affine_u8 *p,
                                                      const struct soft_dice_labels *t,
                                                      const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_affine_u8_own(struct soft_dice_sums *sums,
                                                const struct soft_dice_affine_u8 *p,
                                                const struct soft_dice_own *t,
                                                const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_affine_u8_own_all(struct soft_dice_sums *sums,
                                                    const struct soft_dice_affine_u8 *p,
                                                    const struct soft_dice_own *t,
                                                    const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_affine_u8_affine_u8(struct soft_dice_sums *sums,
                                                      const struct soft_dice_affine_u8 *p,
                                                      const struct soft_dice_affine_u8 *t,
                                                      const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_affine_u8_affine_u8_all(struct soft_dice_sums *sums,
                                                          const struct soft_dice_affine_u8 *p,
                                                          const struct soft_dice_affine_u8 *t,
                                                          const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_q15_mask(struct soft_dice_sums *sums,
                                           const struct soft_dice_q15 *p,
                                           const struct soft_dice_mask *t,
                                           const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_q15_mask_all(struct soft_dice_sums *sums,
                                               const struct soft_dice_q15 *p,
                                               const struct soft_dice_mask *t,
                                               const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_q15_bits(struct soft_dice_sums *sums,
                                           const struct soft_dice_q15 *p,
                                           const struct soft_dice_bits *t,
                                           const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_q15_bits_all(struct soft_dice_sums *sums,
                                               const struct soft_dice_q15 *p,
                                               const struct soft_dice_bits *t,
                                               const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_q15_label(struct soft_dice_sums *sums,
                                            const struct soft_dice_q15 *p,
                                            const struct soft_dice_labels *t,
                                            const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_q15_label_all(struct soft_dice_sums *sums,
                                                const struct soft_dice_q15 *p,
                                                const struct soft_dice_labels *t,
                                                const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_q15_own(struct soft_dice_sums *sums,
                                          const struct soft_dice_q15 *p,
                                          const struct soft_dice_own *t,
                                          const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_q15_own_all(struct soft_dice_sums *sums,
                                              const struct soft_dice_q15 *p,
                                              const struct soft_dice_own *t,
                                              const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_q15_q15(struct soft_dice_sums *sums,
                                          const struct soft_dice_q15 *p,
                                          const struct soft_dice_q15 *t,
                                          const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_q15_q15_all(struct soft_dice_sums *sums,
                                              const struct soft_dice_q15 *p,
                                              const struct soft_dice_q15 *t,
                                              const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_f32_mask(struct soft_dice_sums *sums,
                                           const struct soft_dice_f32 *p,
                                           const struct soft_dice_mask *t,
                                           const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_f32_mask_all(struct soft_dice_sums *sums,
                                               const struct soft_dice_f32 *p,
                                               const struct soft_dice_mask *t,
                                               const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_f32_bits(struct soft_dice_sums *sums,
                                           const struct soft_dice_f32 *p,
                                           const struct soft_dice_bits *t,
                                           const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_f32_bits_all(struct soft_dice_sums *sums,
                                               const struct soft_dice_f32 *p,
                                               const struct soft_dice_bits *t,
                                               const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_f32_label(struct soft_dice_sums *sums,
                                            const struct soft_dice_f32 *p,
                                            const struct soft_dice_labels *t,
                                            const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_f32_label_all(struct soft_dice_sums *sums,
                                                const struct soft_dice_f32 *p,
                                                const struct soft_dice_labels *t,
                                                const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_f32_own(struct soft_dice_sums *sums,
                                          const struct soft_dice_f32 *p,
                                          const struct soft_dice_own *t,
                                          const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_f32_own_all(struct soft_dice_sums *sums,
                                              const struct soft_dice_f32 *p,
                                              const struct soft_dice_own *t,
                                              const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
soft_dice_status soft_dice_update_f32_f32(struct soft_dice_sums *sums,
                                          const struct soft_dice_f32 *p,
                                          const struct soft_dice_f32 *t,
                                          const struct soft_dice_rows *rows);

// The same, and squares and minima too.
soft_dice_status soft_dice_update_f32_f32_all(struct soft_dice_sums *sums,
                                              const struct soft_dice_f32 *p,
                                              const struct soft_dice_f32 *t,
                                              const struct soft_dice_rows *rows);

// Adds pixels of all classes: `p` holds `channels` values for each pixel (NHWC), `t` a label, `classes` the sums
// of class 0 to `channels - 1`. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`.
soft_dice_status soft_dice_update_classes_u8(struct soft_dice_sums *classes,
                                             size_t channels,
                                             const struct soft_dice_u8 *p,
                                             const struct soft_dice_labels *t);

// Adds pixels of all classes: `p` holds `channels` values for each pixel (NHWC), `t` a label, `classes` the sums
// of class 0 to `channels - 1`. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`.
soft_dice_status soft_dice_update_classes_i8(struct soft_dice_sums *classes,
                                             size_t channels,
                                             const struct soft_dice_i8 *p,
                                             const struct soft_dice_labels *t);

// Adds pixels of all classes: `p` holds `channels` values for each pixel (NHWC), `t` a label, `classes` the sums
// of class 0 to `channels - 1`. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`.
soft_dice_status soft_dice_update_classes_affine_u8(struct soft_dice_sums *classes,
                                                    size_t channels,
                                                    const struct soft_dice_affine_u8 *p,
                                                    const struct soft_dice_labels *t);

// Adds pixels of all classes: `p` holds `channels` values for each pixel (NHWC), `t` a label, `classes` the sums
// of class 0 to `channels - 1`. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`.
soft_dice_status soft_dice_update_classes_f32(struct soft_dice_sums *classes,
                                              size_t channels,
                                              const struct soft_dice_f32 *p,
                                              const struct soft_dice_labels *t);

// The score in Q15: 32768 is 1.0. Nearest even, and no float instruction.
soft_dice_status soft_dice_score_q15(const struct soft_dice_score *score,
                                     const struct soft_dice_sums *sums,
                                     int32_t *result);

// The score in Q31: 2^31 is 1.0. Nearest even, and no float instruction.
soft_dice_status soft_dice_score_q31(const struct soft_dice_score *score,
                                     const struct soft_dice_sums *sums,
                                     int64_t *result);

// The score as the nearest float.
soft_dice_status soft_dice_score_f32(const struct soft_dice_score *score,
                                     const struct soft_dice_sums *sums,
                                     float *result);

// The score as the nearest double.
soft_dice_status soft_dice_score_f64(const struct soft_dice_score *score,
                                     const struct soft_dice_sums *sums,
                                     double *result);

// The mean of a score over the classes that are present.
soft_dice_status soft_dice_mean_of(const struct soft_dice_score *score,
                                   const struct soft_dice_sums *classes,
                                   size_t channels,
                                   struct soft_dice_mean *result);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SOFT_DICE_H */
