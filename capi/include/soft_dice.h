// Soft Dice for C: the overlap of a predicted segmentation with a reference, from the buffers a device has.
// Written by cbindgen from the crate; the test `header` writes it anew with SOFT_DICE_BLESS=1.
//
//     soft_dice_sums frame = SOFT_DICE_SUMS_INIT;
//     int32_t q15;
//     soft_dice_add_i8_mask(&frame, buffer, mask, pixels);         // as often as there are chunks
//     soft_dice_dice_q15(&frame, &q15);                            // 32768 is 1.0
//
// Three ways lead in. `soft_dice_add_...` takes common pairs, whose element and target are constants: a call costs little
// and links little. `soft_dice_update_...` takes any pair, with rows, regions, scales, ignore labels, squares and minima.
// `soft_dice_watch_...` judges frames in the field, where there is no reference. Beside them `soft_dice_tiles_...` says where
// a frame is bad, `soft_dice_histogram_...` at which threshold it is best, and `soft_dice_softmax_...` takes logits.
//
// Memory    All of it is the caller's: nothing is allocated, kept or called back. Pointers are used during the
//           call alone. Sums must not overlap the buffers of the same call.
// Errors    Every call returns a status. Any but SOFT_DICE_OK has changed nothing, neither sums nor results.
//           Null, misaligned and absurdly long arguments are refused; a length of 0 needs no pointer. What no
//           library can see, a pointer to memory that is not yours, stays yours to get right.
// Threads   One owner at a time: the same sums must not be in two calls at once. There is no other state, so
//           different sums may be used at once from threads, cores and interrupts, without a lock.
// Not here  A watch of many classes: its size is a constant of the Rust type, and one struct for all would be as large as the
//           largest. Of the sums of any classes, by `soft_dice_confidence_...` say, `soft_dice_watch_observe` makes one verdict.
//           Squares or minima alone: `_all` keeps both, and one function for each would double the archive. bfloat16: it is the
//           upper half of a float, which `soft_dice_f32` takes. Reliability bins: they are sums over the counts of a
//           histogram, which are plain. Histograms without a target, and the distances between two of them, which are for a
//           host that compares days. Rows and regions in tiles, and tiles of pixels that are written otherwise than
//           `soft_dice_tiles_...` takes: an update with `soft_dice_rows` for each tile is the same. Logits against bits and soft
//           targets, and their class confidence: the last layer of a network writes probabilities at little cost. Sigmoid and
//           softmax of float in integers, for cores without an FPU: a table of 8-bit logits is there for those. Gradients and
//           losses of training. Rows of many classes: of an interleaved map a call for each row adds to the same sums;
//           a planar one is whole. `soft_dice_f32fine` and `soft_dice_f16` against bits: their masks are of bytes.


#ifndef SOFT_DICE_H
#define SOFT_DICE_H

#include <stddef.h>
#include <stdint.h>

// The version of this header. `soft_dice_library_version` is that of the library.
#define SOFT_DICE_VERSION_MAJOR 0
#define SOFT_DICE_VERSION_MINOR 1
#define SOFT_DICE_VERSION_PATCH 0
#define SOFT_DICE_VERSION_TEXT "0.1.0"

// Initialisers. Each gives a value to every member, so that no compiler misses one, in C or in C++; the last arguments of
// some are an initialiser in braces or one of the macros for it.

// Of soft_dice_affine: the outputs of sigmoid and softmax in TensorFlow Lite and onnxruntime, and codes of your own.
#define SOFT_DICE_TFLITE_I8 {1.0f / 256.0f, -128, 0u, 0u}
#define SOFT_DICE_TFLITE_U8 {1.0f / 256.0f, 0, 0u, 0u}
#define SOFT_DICE_ONNXRUNTIME_I8 {1.0f / 255.0f, -128, 0u, 1u}
#define SOFT_DICE_ONNXRUNTIME_U8 {1.0f / 255.0f, 0, 0u, 1u}
#define SOFT_DICE_AFFINE_INIT(scale, zero_point) {(scale), (zero_point), 0u, 0u}

// Maps: a buffer, its pixels, and what they denote.
#define SOFT_DICE_U8_INIT(data, pixels) {(data), (pixels)}
#define SOFT_DICE_I8_INIT(data, pixels, ...) {(data), (pixels), __VA_ARGS__}
#define SOFT_DICE_AFFINE_U8_INIT(data, pixels, ...) {(data), (pixels), __VA_ARGS__}
#define SOFT_DICE_U16_INIT(data, pixels) {(data), (pixels), 0u}
#define SOFT_DICE_Q15_INIT(data, pixels) {(data), (pixels), 0u, SOFT_DICE_EXCLUDE, 0u}
#define SOFT_DICE_F32_INIT(data, pixels) {(data), (pixels), SOFT_DICE_EXCLUDE}
#define SOFT_DICE_F32FINE_INIT(data, pixels) {(data), (pixels), SOFT_DICE_EXCLUDE}
#define SOFT_DICE_F16_INIT(data, pixels) {(data), (pixels), SOFT_DICE_EXCLUDE}
#define SOFT_DICE_MASK01_INIT(data, pixels) {(data), (pixels)}
#define SOFT_DICE_MASK255_INIT(data, pixels) {(data), (pixels)}

// Logits, and their tables, which `soft_dice_sigmoid_init_...` and `soft_dice_softmax_init` write.
#define SOFT_DICE_SIGMOID_INIT {{0}, 0u, 0u}
#define SOFT_DICE_SOFTMAX_INIT {{0}, 0u, 0u}
#define SOFT_DICE_LOGITS_I8_INIT(data, pixels, table) {(data), (pixels), (table)}
#define SOFT_DICE_LOGITS_U8_INIT(data, pixels, table) {(data), (pixels), (table)}
#define SOFT_DICE_LOGITS_F32_INIT(data, pixels) {(data), (pixels)}

// Targets.
#define SOFT_DICE_MASK_INIT(data, pixels, kind) {(data), (pixels), (kind)}
#define SOFT_DICE_BITS_INIT(data, bytes, order) {(data), (bytes), 0u, (order)}
#define SOFT_DICE_LABELS_INIT(data, pixels, label) {(data), (pixels), (label), 0u, 0u}
#define SOFT_DICE_OWN_INIT {0.5f, 0u}
#define SOFT_DICE_ROWS_INIT(width, height) {(width), (height), (width), (width), (width), NULL}
#define SOFT_DICE_REGION_INIT(data, bytes, kind) {(data), (bytes), 0u, (kind)}
#define SOFT_DICE_CHANNELS_INIT(channels) {(channels), NULL, 0u, SOFT_DICE_INTERLEAVED}

// Sums and scores.
#define SOFT_DICE_U128_INIT {0u, 0u}
#define SOFT_DICE_UNIT_INIT {0u, 0u, 0u, 0u}
#define SOFT_DICE_SUMS_INIT \
    {0u, 0u, 0u, 0u, SOFT_DICE_U128_INIT, SOFT_DICE_U128_INIT, SOFT_DICE_U128_INIT, SOFT_DICE_U128_INIT, \
     SOFT_DICE_U128_INIT, SOFT_DICE_U128_INIT, SOFT_DICE_U128_INIT, SOFT_DICE_UNIT_INIT, SOFT_DICE_UNIT_INIT, 0, 0, \
     0u, 0u, 0u, 0u, {0u, 0u, 0u}}
#define SOFT_DICE_SCORE_INIT(form) \
    {(form), SOFT_DICE_LINEAR, SOFT_DICE_FORMULA, SOFT_DICE_FORMULA, SOFT_DICE_FORMULA, 0u, 0.0, 0.0, 0.0, 0.0}
#define SOFT_DICE_MEAN_INIT {0, 0.0f, 0u, 0u}
#define SOFT_DICE_TILES_INIT(sums, width, height, columns, rows) \
    {(sums), ((size_t)(columns) * (size_t)(rows)), (width), (height), (columns), (rows), 0u, SOFT_DICE_TILES_VERSION}
#define SOFT_DICE_HISTOGRAM_INIT {{0}, 0u, 0u, 0.0f, 0, 0u, 0u, 0u, 0u, {0u, 0u, 0u}}
#define SOFT_DICE_BEST_INIT {0.0, 0.0, 0u, 0u, 0u, 0u, 0}
#define SOFT_DICE_AVERAGE_INIT(over) {NULL, 0u, (over), 0u}
#define SOFT_DICE_GENERALISED_INIT {SOFT_DICE_BY_SQUARE, SOFT_DICE_AS_THE_LARGEST, 0u, 0u, 0.0, 0.0}

// A watch, and what it is told and says.
#define SOFT_DICE_WATCH_INIT {{0u, 0u}, {0u}}
#define SOFT_DICE_DRIFT_INIT(allowance, limit) {(allowance), (limit)}
#define SOFT_DICE_WATCHED_INIT \
    {SOFT_DICE_DRIFT_INIT(0u, 0u), SOFT_DICE_DRIFT_INIT(0u, 0u), 0u, SOFT_DICE_NOT_WATCHED, 0u, 0u, 0u}
#define SOFT_DICE_SETTINGS_INIT \
    {{{819u, 819u}, {1065u, 1065u}, 26214u, SOFT_DICE_LEARNT, 8u, 64u, 0u}, \
     {{6554u, 6554u}, {6554u, 6554u}, 0u, SOFT_DICE_LEARNT, 8u, 64u, 0u}, \
     {{443u, 443u}, {443u, 443u}, 33211u, SOFT_DICE_LEARNT, 8u, 64u, 0u}, \
     {{1773u, 1773u}, {1773u, 1773u}, 0u, SOFT_DICE_LEARNT, 8u, 64u, 0u}, \
     8192u, 739u, 3277u, 0u, 32768u, 512u, 2u, 8u, 3u, 16u, 4u, 8u, \
     3u, SOFT_DICE_SETTINGS_VERSION}
#define SOFT_DICE_CAMERA_INIT(width, every, format) {(width), (every), (format)}
#define SOFT_DICE_WATCH_SETUP_INIT(last, last_bytes) \
    {(last), (last_bytes), NULL, 0u, NULL, NULL, SOFT_DICE_CAMERA_INIT(0u, 0u, SOFT_DICE_LUMA)}
#define SOFT_DICE_PICTURE_INIT(data, bytes, stride) {(data), (bytes), (stride)}
#define SOFT_DICE_FRAME_INIT(own) {(own), NULL, 0u, 0u}
#define SOFT_DICE_OUTLINED_INIT {0u, 0u, 0u, 0u}
#define SOFT_DICE_LEVEL_INIT {0u, 0u, SOFT_DICE_LEVEL_NONE, 0u}
#define SOFT_DICE_LEARNT_INIT \
    {SOFT_DICE_LEVEL_INIT, SOFT_DICE_LEVEL_INIT, SOFT_DICE_LEVEL_INIT, SOFT_DICE_LEVEL_INIT, SOFT_DICE_LEVEL_INIT, \
     0u, 0u}
#define SOFT_DICE_EVENT_INIT {0u, 0u, 0u, SOFT_DICE_WARMING_UP, SOFT_DICE_WARMING_UP, SOFT_DICE_CAUSE_NONE, {0u, 0u}}
#define SOFT_DICE_REPORT_INIT \
    {0u, 0u, 0u, 0u, 0u, 0, 0, 0u, 0u, 0u, 0u, 0u, 0u, 0u, 0u, {0u, 0u, 0u, 0u}, SOFT_DICE_WARMING_UP, \
     SOFT_DICE_CAUSE_NONE, 0u, {0u, 0u, 0u}}
#define SOFT_DICE_SIGNAL_STATUS_INIT {0u, 0u, 0u, 0u, SOFT_DICE_PHASE_ABSENT, 0u, 0u, 0u}

// Bytes of a packed struct.
#define SOFT_DICE_PACKED_BYTES(type) (sizeof(type) + 6u)

// Words of a soft_dice_watch.
#define SOFT_DICE_WATCH_WORDS ((sizeof(void *) == 4u) ? 184u : 208u)

// Bytes for the rows of a camera's picture beside a map of this width: rows of bytes and of bits with their margins, and the
// sums of a row where the picture is larger than the map.
#define SOFT_DICE_CAMERA_BYTES(width, every) \
    (3u + (5u * ((8u * (((size_t)(width) + 7u) / 8u)) + 8u)) + (6u * ((4u * (((size_t)(width) + 31u) / 32u)) + 8u)) + \
     (((every) > 1u) ? (4u * (size_t)(width)) : 0u))


// The interface that this header describes; `soft_dice_interface` says which one the library has.
#define SOFT_DICE_INTERFACE 3u

// In `kept`: there are `pp` and `tt`.
#define SOFT_DICE_SQUARES ((uint8_t)1)

// In `kept`: there are `min_p` and `min_t`.
#define SOFT_DICE_MINIMA ((uint8_t)2)

// What stands in `version` of a histogram.
#define SOFT_DICE_HISTOGRAM_VERSION ((uint16_t)1)

// What stands in `version` of a grid.
#define SOFT_DICE_TILES_VERSION 1u

// With what every packed record begins.
#define SOFT_DICE_PACKED_MARK ((uint8_t)93)

// The second byte of a packed report.
#define SOFT_DICE_PACKED_REPORT ((uint8_t)1)

// The second byte of a packed event.
#define SOFT_DICE_PACKED_EVENT ((uint8_t)2)

// The second byte of packed sums.
#define SOFT_DICE_PACKED_SUMS ((uint8_t)3)

// The third byte: of the format.
#define SOFT_DICE_PACKED_VERSION ((uint8_t)1)

// In `present`: the last frame had a confidence.
#define SOFT_DICE_HAS_CONFIDENCE ((uint16_t)1)

// In `present`: the last frame had an agreement.
#define SOFT_DICE_HAS_AGREEMENT ((uint16_t)2)

// In `present`: the last frame had an edge.
#define SOFT_DICE_HAS_EDGE ((uint16_t)4)

// In `present`: the last frame had a detail.
#define SOFT_DICE_HAS_DETAIL ((uint16_t)8)

// In `present`: a baseline of confidence.
#define SOFT_DICE_HAS_BASELINE ((uint16_t)16)

// In `present`: a level.
#define SOFT_DICE_HAS_LEVEL ((uint16_t)32)

// In `present`: mean, least and quantile.
#define SOFT_DICE_HAS_HISTORY ((uint16_t)64)

// The format of `soft_dice_settings`, and what its `version` has to be.
#define SOFT_DICE_SETTINGS_VERSION ((uint8_t)1)

// What became of a call. The numbers stay. Any but `SOFT_DICE_OK` has changed nothing.
typedef enum soft_dice_status {
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
  // The struct was written by another version of this library, or by something else, or is neither zeroed nor written at
  // all.
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
  // Of a watch: a chunk without a beginning, or a whole frame while one is open.
  SOFT_DICE_ORDER = 19,
  // Two buffers of a watch lie in the same memory, or one lies in the watch itself.
  SOFT_DICE_OVERLAP = 20,
  // An error that this header has no name for.
  SOFT_DICE_OTHER = 99,
  // No call returns it: it makes the enum as wide as an int, whatever the compiler is told of short enums.
  SOFT_DICE_STATUS_WIDTH = 2147483647,
} soft_dice_status;

// The sigmoid of each 8-bit logit, worked out once: codes of 2^-23. `soft_dice_sigmoid_init_...` writes it; it need not be zeroed.
// It may be constant from then on, and many calls may read it at once. Each call looks whether it is what was written.
typedef struct soft_dice_sigmoid {
  // By the logit, counted from the lowest.
  uint32_t codes[256];
  // The logits and the format.
  uint32_t kind;
  // Of the codes.
  uint32_t check;
} soft_dice_sigmoid;

// What the greatest logit of a pixel leaves to one that is so many codes lower, worked out once: codes of 2^-23.
// `soft_dice_softmax_init` writes it; else it is as `soft_dice_sigmoid`.
typedef struct soft_dice_softmax {
  // By the distance.
  uint32_t codes[256];
  // The format.
  uint32_t kind;
  // Of the codes.
  uint32_t check;
} soft_dice_softmax;

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

// How a region is written: one of `SOFT_DICE_REGION_BYTES`, `SOFT_DICE_REGION_BITS`.
typedef uint8_t soft_dice_region_kind;

// A region of interest: pixels outside are left out of every sum and counted as ignored.
typedef struct soft_dice_region {
  // A byte or a bit for each pixel.
  const uint8_t *data;
  // How many bytes.
  size_t bytes;
  // Of bits: those before the first pixel. Of bytes: 0.
  size_t offset;
  // Bytes or bits.
  soft_dice_region_kind kind;
} soft_dice_region;

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
  // The same in the region.
  size_t region_stride;
  // Which of these pixels count; null: all of them. Rows of as many pixels as a map has, one of them, are all of the map.
  const struct soft_dice_region *region;
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

// 16-bit codes of 1/65535.
typedef struct soft_dice_u16 {
  // A code for each pixel.
  const uint16_t *data;
  // How many.
  size_t pixels;
  // Codes up to this are read as 0.
  uint16_t dead_zone;
} soft_dice_u16;

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

// Probabilities as float, each rounded once to 2^-48: for sums that are tiny, as those of a softmax over many classes are where a
// class is absent. Sums take 128 bits, and no loop is fast.
typedef struct soft_dice_f32fine {
  // A value for each pixel.
  const float *data;
  // How many.
  size_t pixels;
  // What becomes of NaN, infinities and values outside [0, 1].
  soft_dice_range range;
} soft_dice_f32fine;

// Half floats, IEEE binary16, by their bits; their sums are exact.
typedef struct soft_dice_f16 {
  // The bits of each pixel's value.
  const uint16_t *data;
  // How many.
  size_t pixels;
  // What becomes of NaN, infinities and values outside [0, 1].
  soft_dice_range range;
} soft_dice_f16;

// A mask as prediction, of bytes 0 and 1; another byte is refused with `SOFT_DICE_MASK`.
typedef struct soft_dice_mask01 {
  // A byte for each pixel.
  const uint8_t *data;
  // How many.
  size_t pixels;
} soft_dice_mask01;

// A mask as prediction, of bytes 0 and 255; another byte is refused with `SOFT_DICE_MASK`.
typedef struct soft_dice_mask255 {
  // A byte for each pixel.
  const uint8_t *data;
  // How many.
  size_t pixels;
} soft_dice_mask255;

// Signed 8-bit logits.
typedef struct soft_dice_logits_i8 {
  // A logit for each pixel.
  const int8_t *data;
  // How many.
  size_t pixels;
  // A table of `soft_dice_sigmoid_init_i8`.
  const struct soft_dice_sigmoid *table;
} soft_dice_logits_i8;

// Unsigned 8-bit logits.
typedef struct soft_dice_logits_u8 {
  // A logit for each pixel.
  const uint8_t *data;
  // How many.
  size_t pixels;
  // A table of `soft_dice_sigmoid_init_u8`.
  const struct soft_dice_sigmoid *table;
} soft_dice_logits_u8;

// Logits as float, of which the sigmoid is taken within 1.2e-7: its sums are those of `soft_dice_f32`. A NaN is left out and
// counted as invalid; infinities are 0 and 1. Without an FPU a pixel takes thousands of instructions.
typedef struct soft_dice_logits_f32 {
  // A logit for each pixel.
  const float *data;
  // How many.
  size_t pixels;
} soft_dice_logits_f32;

// Where the values of a pixel lie: one of `SOFT_DICE_INTERLEAVED`, `SOFT_DICE_PLANAR`.
typedef uint8_t soft_dice_layout;

// The channels of a map of many classes, and those whose sums are asked for.
typedef struct soft_dice_channels {
  // Values of a pixel; from 1 to 256.
  size_t channels;
  // The classes that are summed, one byte each, none of them twice; null: all of them.
  const uint8_t *chosen;
  // How many are chosen; 0 where `chosen` is null.
  size_t count;
  // Where the values of a pixel lie.
  soft_dice_layout layout;
} soft_dice_channels;

// How often each code of an 8-bit map occurs, under target 0 and under target 1: plain data, yours to place, copy, send and read. All
// zero is empty. The first update says what the codes denote; later ones, and what is merged, must say the same. 2^32 - 1 pixels
// fit. Calls take some 3 KB of stack.
typedef struct soft_dice_histogram {
  // Pixels by their byte (a signed code as `(uint8_t)code`): 256 under target 0, and then 256 under target 1.
  uint32_t counts[512];
  // Pixels that have come, those that were left out among them.
  uint64_t seen;
  // Pixels left out: by the ignore label, or outside the region.
  uint64_t ignored;
  // What the codes denote, as `soft_dice_affine` says it; grey levels are `SOFT_DICE_ONNXRUNTIME_U8`.
  float scale;
  // The code that denotes 0.
  int32_t zero_point;
  // `SOFT_DICE_HISTOGRAM_VERSION`; 0 is empty.
  uint16_t version;
  // Codes up to this, counted from the zero point, are read as 0.
  uint8_t dead_zone;
  // 1 if the largest code denotes 1.0.
  uint8_t full_scale;
  // 1 if the codes are signed.
  uint8_t signed_codes;
  // 0, in place of padding: equal histograms are equal byte for byte.
  uint8_t reserved[3];
} soft_dice_histogram;

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

// The threshold at which a score is best.
typedef struct soft_dice_best {
  // The threshold as a probability: a pixel is foreground from this on.
  double threshold;
  // The score there.
  double score;
  // Pixels that reach it.
  uint64_t p;
  // Pixels of the target.
  uint64_t t;
  // Pixels of the target that reach it.
  uint64_t pt;
  // The least code that is foreground, counted from the zero point; 256 if none is.
  uint32_t code;
  // The score there in Q15.
  int32_t q15;
} soft_dice_best;

// A grid of tiles over frames, and the sums of each tile; `SOFT_DICE_TILES_INIT` begins it. Tile (i, j) has the columns from
// floor(i * width / columns) to floor((i + 1) * width / columns), and rows alike. Together they are the frame's sums, to the bit.
typedef struct soft_dice_tiles {
  // The sums of each tile, row by row; zeroed they are empty. Any score can be taken of each.
  struct soft_dice_sums *sums;
  // How many: columns * rows.
  size_t count;
  // Pixels of a row of the frame.
  size_t width;
  // Rows of the frame.
  size_t height;
  // Tiles side by side; at most `width`.
  size_t columns;
  // Tiles one above the other; at most `height`.
  size_t rows;
  // Pixels of the frame that have come.
  size_t at;
  // `SOFT_DICE_TILES_VERSION`.
  size_t version;
} soft_dice_tiles;

// How classes are brought to one score: one of `SOFT_DICE_MACRO` ... `SOFT_DICE_BY_WEIGHTS`.
typedef uint8_t soft_dice_over;

// A mean over classes. All zero is the mean of those that are present.
typedef struct soft_dice_average {
  // Of `SOFT_DICE_BY_WEIGHTS`: a weight for each class, from 0 to below 2^34, taken to 2^-30. Else null.
  const float *weights;
  // How many; 0 where there are none.
  size_t count;
  // How.
  soft_dice_over over;
  // Not 0: classes without a target pixel count too, with what the formula makes of them. Of `SOFT_DICE_MICRO`: 0.
  uint8_t all_classes;
} soft_dice_average;

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

// What a class weighs in a generalised Dice: one of `SOFT_DICE_BY_SQUARE`, `SOFT_DICE_BY_VOLUME`, `SOFT_DICE_UNIFORM`.
typedef uint8_t soft_dice_volume;

// What a class with T = 0 weighs, whose weight would be infinite: one of `SOFT_DICE_AS_THE_LARGEST`, `SOFT_DICE_NOTHING`,
// `SOFT_DICE_NO_SCORE`.
typedef uint8_t soft_dice_absent;

// A generalised Dice: 2 sum(w I) / sum(w (P + T)) over classes, with weights by volume. All zero is Sudre's.
typedef struct soft_dice_generalised {
  // What a class weighs.
  soft_dice_volume volume;
  // What one without a target pixel weighs.
  soft_dice_absent absent;
  // Not 0: of the minima in place of the products; needs the `_all` updates where the target is soft.
  uint8_t semimetric;
  // Not 0: 1 - score.
  uint8_t loss;
  // Added to the numerator.
  double smooth_numerator;
  // Added to the denominator.
  double smooth_denominator;
} soft_dice_generalised;

// How far a baseline can be trusted: one of `SOFT_DICE_PHASE_ABSENT` ... `SOFT_DICE_PHASE_REFUSED`.
typedef uint8_t soft_dice_phase;

// The verdict: one of `SOFT_DICE_WARMING_UP` ... `SOFT_DICE_NO_SIGNAL`.
typedef uint8_t soft_dice_state;

// Why a state changed: one of `SOFT_DICE_CAUSE_LEARNT` ... `SOFT_DICE_CAUSE_RECOVERED`, or `SOFT_DICE_CAUSE_NONE`.
typedef uint8_t soft_dice_cause;

// What a watch knows, as numbers. Scores and shares are Q15; what `present` does not name is 0 and means nothing.
typedef struct soft_dice_report {
  // Frames since the last reset, dropped ones among them.
  uint32_t frames;
  // Of those, frames that gave no score.
  uint32_t unscored;
  // Which of the numbers below there are: `SOFT_DICE_HAS_CONFIDENCE` and the like, added up.
  uint16_t present;
  // Of the last frame: confidence.
  uint16_t confidence;
  // Of the last frame: agreement with the one before.
  uint16_t agreement;
  // Of the last frame: the logarithm of the picture's edge under the mask's against the whole picture's, in 1/2048.
  int16_t edge;
  // Of the last frame: the logarithm of the picture's detail, in 1/2048.
  int16_t detail;
  // Of the last frame: share of foreground.
  uint16_t area;
  // Of the last frame: share of invalid pixels.
  uint16_t invalid;
  // Confidence while all was well.
  uint16_t baseline;
  // Confidence, exponentially weighted.
  uint16_t level;
  // Mean of the history.
  uint16_t mean;
  // Least of the history.
  uint16_t least;
  // The quantile of the history that the settings name.
  uint16_t quantile;
  // The greatest of the CUSUMs in 1/256 of its limit: an alarm beyond 256.
  uint16_t drift;
  // How far the baselines can be trusted, in the order of the signals.
  soft_dice_phase phases[4];
  // The verdict.
  soft_dice_state state;
  // Why it last changed.
  soft_dice_cause cause;
  // Of the format.
  uint8_t version;
  // 0, in place of padding.
  uint8_t reserved[3];
} soft_dice_report;

// A change of state: at most one a frame, and none while the state lasts.
typedef struct soft_dice_event {
  // The frame that brought it, from 0 on since the last reset; dropped frames count.
  uint32_t frame;
  // How far over, in 1/256 of what it takes, which is 256.
  uint16_t over;
  // Not 0 if the state has changed; else all else is 0.
  uint8_t changed;
  // The state before.
  soft_dice_state from;
  // The state now.
  soft_dice_state to;
  // Why.
  soft_dice_cause cause;
  // 0, in place of padding.
  uint8_t reserved[2];
} soft_dice_event;

// One-sided CUSUM: what is more than `allowance` below the baseline adds up, and beyond `limit` it is an alarm.
typedef struct soft_dice_drift {
  // Half the fall that is to be found.
  uint16_t allowance;
  // Sets the false alarms.
  uint16_t limit;
} soft_dice_drift;

// What a reading is compared with: one of `SOFT_DICE_NOT_WATCHED`, `SOFT_DICE_KNOWN`, `SOFT_DICE_LEARNT`.
typedef uint8_t soft_dice_baseline;

// A signal that is watched: what it is compared with, and how far it may fall.
typedef struct soft_dice_watched {
  // How far below a baseline that is known or still provisional.
  struct soft_dice_drift drift;
  // How far, at least, once the baseline is settled.
  struct soft_dice_drift settled;
  // The baseline, or the least that is believed.
  uint16_t level;
  // Which of the two, or none.
  soft_dice_baseline baseline;
  // Of `SOFT_DICE_LEARNT`: after so many frames the baseline is used, from 3 on.
  uint8_t frames;
  // Of `SOFT_DICE_LEARNT`: with so many it is settled, from `frames` to 64.
  uint8_t refined;
  // 0, in place of padding.
  uint8_t reserved;
} soft_dice_watched;

// All settings of a watch. Scores and shares are Q15 (32768 is 1.0), logarithms 1/2048 of an octave, times frames.
// `SOFT_DICE_SETTINGS_INIT` is for every network and scene; `soft-dice watch --calibrate ... --emit settings.h` writes
// others, made from a recording.
typedef struct soft_dice_settings {
  // Soft Dice Confidence.
  struct soft_dice_watched confidence;
  // Agreement with the last frame.
  struct soft_dice_watched flicker;
  // Whether the mask's edge lies on edges of the picture, if a camera's picture is given.
  struct soft_dice_watched edge;
  // How much detail the picture has, if a camera's picture is given.
  struct soft_dice_watched detail;
  // Confidence further below its baseline than this is as good as none.
  uint16_t failing;
  // How far the foreground's area may be from the learnt one for a frame to be good: a logarithm, either way.
  uint16_t resized;
  // Which quantile of the history a report bears.
  uint16_t quantile;
  // The least share of foreground; below it for `failed_after` frames is `SOFT_DICE_DEGRADED`.
  uint16_t area_least;
  // The greatest share of foreground, likewise.
  uint16_t area_most;
  // A frame with a greater share of invalid pixels is not looked at.
  uint16_t invalid;
  // So many frames in a row, of what makes a failure; from 1 on.
  uint8_t failed_after;
  // So many good frames in a row: healthy again; from 1 on.
  uint8_t recovered_after;
  // A mask below 2^-empty of the learnt area is as good as empty; at most 15.
  uint8_t empty;
  // An empty mask within so many frames of the alarm before it is a departure, and no failure.
  uint8_t departure;
  // So many frames in a row without a mask, or dropped: `SOFT_DICE_NO_SIGNAL`; from 1 on.
  uint8_t silent_after;
  // So many frames in a row that repeat the one before: `SOFT_DICE_FAILED`; from 1 on.
  uint8_t frozen_after;
  // The level gives a new score the weight 2^-smoothing; at most 8.
  uint8_t smoothing;
  // `SOFT_DICE_SETTINGS_VERSION`; another is refused with `SOFT_DICE_VERSION`.
  uint8_t version;
} soft_dice_settings;

// A watch: settings, what was learnt, a history of 32 scores, and a frame that is open. Yours to place, in a static say; it
// need not be zeroed, for the `_init_` functions write all of it. Its numbers are read with `soft_dice_watch_report`. Every
// call looks first whether it is what such a function wrote, and refuses it with `SOFT_DICE_VERSION` if it is not. It is not to
// be copied: two of them would share their buffers.
typedef struct soft_dice_watch {
  // What it holds, and the check of it.
  uint32_t seal[2];
  // Nothing of yours.
  uint64_t held[SOFT_DICE_WATCH_WORDS];
} soft_dice_watch;

// What the picture says of a mask: exact sums, which add up over tiles.
typedef struct soft_dice_outlined {
  // Pixels looked at.
  uint64_t pixels;
  // Sum of the picture's edge over them, each at most 63.
  uint64_t everywhere;
  // Pixels of the mask's boundary.
  uint64_t boundary;
  // Sum of the picture's edge over the boundary.
  uint64_t under;
} soft_dice_outlined;

// What is seen of a frame that was summed elsewhere.
typedef struct soft_dice_frame {
  // The frame with its own mask: sums of a `soft_dice_update_..._own`.
  const struct soft_dice_sums *own;
  // What the camera's picture says of the mask; null if nothing does.
  const struct soft_dice_outlined *outlined;
  // Whether something else knows that there is anything to see: 0 nothing knows, 1 there is nothing, 2 there is.
  uint8_t occupied;
  // Not 0: every pixel bears the same numbers.
  uint8_t uniform;
} soft_dice_frame;

// How far a level is learnt: one of `SOFT_DICE_LEVEL_NONE`, `SOFT_DICE_LEVEL_PROVISIONAL`, `SOFT_DICE_LEVEL_SETTLED`.
typedef uint8_t soft_dice_level_phase;

// What was learnt of a signal, in its unit.
typedef struct soft_dice_level {
  // The median of the first frames.
  uint16_t baseline;
  // From their lowest tenth to it.
  uint16_t spread;
  // Whether there is a level at all, and whether it stays.
  soft_dice_level_phase phase;
  // 0, in place of padding.
  uint8_t reserved;
} soft_dice_level;

// All that a watch has learnt: 32 bytes to be kept over a reboot.
typedef struct soft_dice_learnt {
  // Soft Dice Confidence.
  struct soft_dice_level confidence;
  // Agreement with the last frame.
  struct soft_dice_level flicker;
  // The picture's edge under the mask's.
  struct soft_dice_level edge;
  // The picture's detail.
  struct soft_dice_level detail;
  // The foreground's share of the picture.
  struct soft_dice_level area;
  // Of the format; another than the library's is refused with `SOFT_DICE_VERSION`.
  uint8_t version;
  // 0, in place of padding.
  uint8_t reserved;
} soft_dice_learnt;

// A signal of a watch: one of `SOFT_DICE_CONFIDENCE` ... `SOFT_DICE_DETAIL`, in the order of a report's `phases`.
typedef uint8_t soft_dice_signal;

// What is known of one signal; numbers in its own unit.
typedef struct soft_dice_signal_status {
  // Of the last frame, if it bore the signal.
  uint16_t reading;
  // What it is while all is well, once known.
  uint16_t baseline;
  // What is further below the baseline adds up.
  uint16_t allowance;
  // The sum of the CUSUM in 1/256 of its limit: an alarm beyond 256.
  uint16_t over;
  // How far its baseline can be trusted.
  soft_dice_phase phase;
  // Not 0 if there is a reading.
  uint8_t read;
  // Not 0 if there is a baseline.
  uint8_t known;
  // 0, in place of padding.
  uint8_t reserved;
} soft_dice_signal_status;

// How the bytes of a camera's row are to be read: one of `SOFT_DICE_LUMA` ... `SOFT_DICE_UYVY`.
typedef uint8_t soft_dice_camera_format;

// The camera beside a map.
typedef struct soft_dice_camera {
  // Pixels of a row of the map; 0 where there is no camera.
  size_t width;
  // The camera's picture is so many times as wide and as high as the map, 1 to 64.
  uint8_t every;
  // How a row is written.
  soft_dice_camera_format format;
} soft_dice_camera;

// What a watch of maps is begun with. The buffers are the watch's from then on, until it is begun anew: nothing else may
// write to them, and the two may not overlap.
typedef struct soft_dice_watch_setup {
  // A byte for each pixel of a map: it holds the last one.
  uint8_t *last;
  // How many: the pixels of a map.
  size_t last_bytes;
  // `SOFT_DICE_CAMERA_BYTES(width, every)` bytes for the camera's rows; null where there is no camera.
  uint8_t *rows;
  // How many.
  size_t rows_bytes;
  // The settings; null for the general ones. They are copied.
  const struct soft_dice_settings *settings;
  // Which pixels are foreground; null for those of at least one half. It is copied.
  const struct soft_dice_own *mask;
  // The camera beside the map; a width of 0 for none.
  struct soft_dice_camera camera;
} soft_dice_watch_setup;

// A whole picture of the camera.
typedef struct soft_dice_picture {
  // Its bytes.
  const uint8_t *data;
  // How many.
  size_t bytes;
  // A row begins every so many bytes.
  size_t stride;
} soft_dice_picture;

// It is left out of every sum and counted as invalid.
#define SOFT_DICE_EXCLUDE ((soft_dice_range)0)

// It is read as the nearer of 0 and 1 and counted as clamped; NaN is left out and counted as invalid.
#define SOFT_DICE_CLAMP ((soft_dice_range)1)

// The call is refused with `SOFT_DICE_RANGE`.
#define SOFT_DICE_REFUSE ((soft_dice_range)2)

// 0 is background, anything else foreground.
#define SOFT_DICE_NON_ZERO ((soft_dice_mask_kind)0)

// 0 or 1; another value is `SOFT_DICE_MASK`.
#define SOFT_DICE_ZERO_ONE ((soft_dice_mask_kind)1)

// 0 or 255; another value is `SOFT_DICE_MASK`.
#define SOFT_DICE_ZERO_FULL ((soft_dice_mask_kind)2)

// In the lowest bit.
#define SOFT_DICE_LSB_FIRST ((soft_dice_bit_order)0)

// In the highest bit.
#define SOFT_DICE_MSB_FIRST ((soft_dice_bit_order)1)

// A byte for each pixel: inside where it is not 0.
#define SOFT_DICE_REGION_BYTES ((soft_dice_region_kind)0)

// A bit for each pixel, the first in the lowest bit: inside where it is 1.
#define SOFT_DICE_REGION_BITS ((soft_dice_region_kind)1)

// Side by side, as inference engines write them (NHWC).
#define SOFT_DICE_INTERLEAVED ((soft_dice_layout)0)

// One map for each channel, one after the other (NCHW).
#define SOFT_DICE_PLANAR ((soft_dice_layout)1)

// The mean of their scores.
#define SOFT_DICE_MACRO ((soft_dice_over)0)

// The mean of their scores, weighted by the sum of t.
#define SOFT_DICE_BY_SUPPORT ((soft_dice_over)1)

// The score of their sums, added up.
#define SOFT_DICE_MICRO ((soft_dice_over)2)

// The mean of their scores, weighted by `weights`.
#define SOFT_DICE_BY_WEIGHTS ((soft_dice_over)3)

// 1/T^2 (Sudre 2017).
#define SOFT_DICE_BY_SQUARE ((soft_dice_volume)0)

// 1/T
#define SOFT_DICE_BY_VOLUME ((soft_dice_volume)1)

// 1
#define SOFT_DICE_UNIFORM ((soft_dice_volume)2)

// As much as the class that weighs most.
#define SOFT_DICE_AS_THE_LARGEST ((soft_dice_absent)0)

// Nothing.
#define SOFT_DICE_NOTHING ((soft_dice_absent)1)

// The score is `SOFT_DICE_UNDEFINED`.
#define SOFT_DICE_NO_SCORE ((soft_dice_absent)2)

// 2I / (P + T)
#define SOFT_DICE_DICE ((soft_dice_form)0)

// I / (P + T - I)
#define SOFT_DICE_JACCARD ((soft_dice_form)1)

// I / (I + alpha (P - I) + beta (T - I)): alpha weighs false positives, beta false negatives.
#define SOFT_DICE_TVERSKY ((soft_dice_form)2)

// I / P
#define SOFT_DICE_PRECISION ((soft_dice_form)3)

// I / T
#define SOFT_DICE_RECALL ((soft_dice_form)4)

// I, P, T
#define SOFT_DICE_LINEAR ((soft_dice_kind)0)

// I, PP, TT; needs the `_all` updates.
#define SOFT_DICE_SQUARED ((soft_dice_kind)1)

// m, P, T; needs the `_all` updates where the target is soft.
#define SOFT_DICE_SEMIMETRIC ((soft_dice_kind)2)

// What the formula gives; 0/0 is `SOFT_DICE_UNDEFINED`.
#define SOFT_DICE_FORMULA ((soft_dice_empty)0)

// `SOFT_DICE_UNDEFINED`; a mean with it is undefined too.
#define SOFT_DICE_NONE ((soft_dice_empty)1)

// 0
#define SOFT_DICE_ZERO ((soft_dice_empty)2)

// 1
#define SOFT_DICE_ONE ((soft_dice_empty)3)

// `SOFT_DICE_SKIPPED`; a mean leaves it out.
#define SOFT_DICE_SKIP ((soft_dice_empty)4)

// The baseline is being learnt.
#define SOFT_DICE_WARMING_UP ((soft_dice_state)0)

// As good as the baseline, within what was promised.
#define SOFT_DICE_HEALTHY ((soft_dice_state)1)

// Worse than the baseline by the fall that was to be found; still of use, perhaps.
#define SOFT_DICE_DEGRADED ((soft_dice_state)2)

// As good as none.
#define SOFT_DICE_FAILED ((soft_dice_state)3)

// Nothing to judge: no foreground, or no frames, and no sign that anything is wrong.
#define SOFT_DICE_NO_SIGNAL ((soft_dice_state)4)

// Why a state changed: none of `SOFT_DICE_CAUSE_LEARNT` ..., because nothing has changed yet.
#define SOFT_DICE_CAUSE_NONE ((soft_dice_cause)0)

// The baseline is learnt.
#define SOFT_DICE_CAUSE_LEARNT ((soft_dice_cause)1)

// The baseline that was learnt is below what can be believed.
#define SOFT_DICE_CAUSE_BASELINE ((soft_dice_cause)2)

// Confidence has drifted below its baseline.
#define SOFT_DICE_CAUSE_DRIFT ((soft_dice_cause)3)

// Confidence is far below its baseline.
#define SOFT_DICE_CAUSE_LOW ((soft_dice_cause)4)

// Frames agree less with the ones before than they did.
#define SOFT_DICE_CAUSE_FLICKER ((soft_dice_cause)5)

// The mask's edge no longer lies on edges of the picture.
#define SOFT_DICE_CAUSE_EDGE ((soft_dice_cause)6)

// The picture has lost its detail.
#define SOFT_DICE_CAUSE_DETAIL ((soft_dice_cause)7)

// The foreground is smaller or larger than it can be.
#define SOFT_DICE_CAUSE_AREA ((soft_dice_cause)8)

// The same map, again and again.
#define SOFT_DICE_CAUSE_FROZEN ((soft_dice_cause)9)

// The same numbers at every pixel.
#define SOFT_DICE_CAUSE_COLLAPSED ((soft_dice_cause)10)

// The mask is empty, and a second signal says that it should not be.
#define SOFT_DICE_CAUSE_VANISHED ((soft_dice_cause)11)

// Too many pixels are no probabilities.
#define SOFT_DICE_CAUSE_INVALID ((soft_dice_cause)12)

// The mask is empty or nearly so, with no second signal, or frames are missing.
#define SOFT_DICE_CAUSE_SILENT ((soft_dice_cause)13)

// There is something to judge again.
#define SOFT_DICE_CAUSE_RETURNED ((soft_dice_cause)14)

// Good frames, as many as it takes.
#define SOFT_DICE_CAUSE_RECOVERED ((soft_dice_cause)15)

// The signal is switched off, or no frame has borne it yet.
#define SOFT_DICE_PHASE_ABSENT ((soft_dice_phase)0)

// The first frames are being gathered.
#define SOFT_DICE_PHASE_LEARNING ((soft_dice_phase)1)

// There is a baseline from few frames; it is being refined.
#define SOFT_DICE_PHASE_PROVISIONAL ((soft_dice_phase)2)

// Baseline and spread are learnt and stay.
#define SOFT_DICE_PHASE_SETTLED ((soft_dice_phase)3)

// The baseline is the settings'.
#define SOFT_DICE_PHASE_KNOWN ((soft_dice_phase)4)

// What was learnt is not believed: this signal raises no alarm of its own.
#define SOFT_DICE_PHASE_REFUSED ((soft_dice_phase)5)

// Soft Dice Confidence, Q15.
#define SOFT_DICE_CONFIDENCE ((soft_dice_signal)0)

// Agreement with the last frame, Q15.
#define SOFT_DICE_AGREEMENT ((soft_dice_signal)1)

// The picture's edge under the mask's: 32768 and the logarithm of the ratio in 1/2048.
#define SOFT_DICE_EDGE ((soft_dice_signal)2)

// The picture's detail: 32768 and the logarithm of the mean in 1/2048.
#define SOFT_DICE_DETAIL ((soft_dice_signal)3)

// The signal is not watched. Confidence always is.
#define SOFT_DICE_NOT_WATCHED ((soft_dice_baseline)0)

// `level` is the baseline: of confidence and agreement a score in Q15, of edge and detail 32768 and the logarithm to base
// 2 in 1/2048. A fault that is there from the first frame is found only against a baseline that is known.
#define SOFT_DICE_KNOWN ((soft_dice_baseline)1)

// The baseline is the median of the first frames with a reading; a median below `level` is not believed.
#define SOFT_DICE_LEARNT ((soft_dice_baseline)2)

// A byte of luma a pixel.
#define SOFT_DICE_LUMA ((soft_dice_camera_format)0)

// Two bytes a pixel, the low one first: 5 bits of red at the top, 6 of green, 5 of blue.
#define SOFT_DICE_RGB565 ((soft_dice_camera_format)1)

// The same with the high byte first, as many sensors send it.
#define SOFT_DICE_RGB565_BIG ((soft_dice_camera_format)2)

// Luma and a chroma by turns, luma first (YUY2).
#define SOFT_DICE_YUYV ((soft_dice_camera_format)3)

// Luma and a chroma by turns, chroma first.
#define SOFT_DICE_UYVY ((soft_dice_camera_format)4)

// Nothing is learnt.
#define SOFT_DICE_LEVEL_NONE ((soft_dice_level_phase)0)

// Refining begins again.
#define SOFT_DICE_LEVEL_PROVISIONAL ((soft_dice_level_phase)1)

// There were as many frames as the settings ask for.
#define SOFT_DICE_LEVEL_SETTLED ((soft_dice_level_phase)2)

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The interface of the library that is linked. It should equal `SOFT_DICE_INTERFACE`.
uint32_t soft_dice_interface(void);

// The version of the library that is linked, as text: that of `SOFT_DICE_VERSION_TEXT` in its own header.
const char *soft_dice_library_version(void);

// The loops that serve this library, by their name: "avx2", "dsp", "helium" and the like; a string that lives for ever.
const char *soft_dice_backend(void);

// What a status means, in English; a string that lives for ever. Any number may be asked for.
const char *soft_dice_text(int32_t status);

// The table of signed logits (q - zero_point) * scale, each code the nearest to the exact sigmoid. The scale is positive and
// finite, the zero point from -128 to 127. It works in double, and takes 3 KB of stack, once.
enum soft_dice_status soft_dice_sigmoid_init_i8(struct soft_dice_sigmoid *table,
                                                float scale,
                                                int32_t zero_point);

// The table of unsigned ones; the zero point is from 0 to 255.
enum soft_dice_status soft_dice_sigmoid_init_u8(struct soft_dice_sigmoid *table,
                                                float scale,
                                                int32_t zero_point);

// The table of a softmax over 8-bit logits of this scale, which is positive and finite; the zero point cancels.
enum soft_dice_status soft_dice_softmax_init(struct soft_dice_softmax *table,
                                             float scale);

// Adds the sums of other pixels, in any order: of another tile, core or device.
enum soft_dice_status soft_dice_merge(struct soft_dice_sums *sums,
                                      const struct soft_dice_sums *other);

// Forgets all pixels and the kind, for the next frame. The same as zeroing the struct.
enum soft_dice_status soft_dice_reset(struct soft_dice_sums *sums);

// Adds pixels of grey levels (1/255) against a mask of bytes, 0 or not: the short way of `soft_dice_update_u8_mask`.
enum soft_dice_status soft_dice_add_u8_mask(struct soft_dice_sums *sums,
                                            const uint8_t *p,
                                            const uint8_t *t,
                                            size_t pixels);

// Adds pixels of TensorFlow Lite's signed codes (`SOFT_DICE_TFLITE_I8`) against a mask of bytes, 0 or not: the short way
// of `soft_dice_update_i8_mask`.
enum soft_dice_status soft_dice_add_i8_mask(struct soft_dice_sums *sums,
                                            const int8_t *p,
                                            const uint8_t *t,
                                            size_t pixels);

// The same against one class of a map of labels: the short way of `soft_dice_update_i8_label`.
enum soft_dice_status soft_dice_add_i8_label(struct soft_dice_sums *sums,
                                             const int8_t *p,
                                             const uint8_t *t,
                                             size_t pixels,
                                             uint8_t label);

// Adds pixels of grey levels (1/255) with their own mask from one half on: the short way of `soft_dice_update_u8_own`.
enum soft_dice_status soft_dice_add_u8_own(struct soft_dice_sums *sums,
                                           const uint8_t *p,
                                           size_t pixels);

// Adds pixels of TensorFlow Lite's signed codes with their own mask from one half on: the short way of
// `soft_dice_update_i8_own`.
enum soft_dice_status soft_dice_add_i8_own(struct soft_dice_sums *sums,
                                           const int8_t *p,
                                           size_t pixels);

// The linear Dice in Q15 of 8-bit or Q15 codes against a mask: the short way of `soft_dice_score_q15`. Other sums are
// `SOFT_DICE_MISMATCH`; empty ones `SOFT_DICE_UNDEFINED`.
enum soft_dice_status soft_dice_dice_q15(const struct soft_dice_sums *sums,
                                         int32_t *result);

// The linear Jaccard (IoU) in Q15, likewise.
enum soft_dice_status soft_dice_jaccard_q15(const struct soft_dice_sums *sums, int32_t *result);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_u8_mask(struct soft_dice_sums *sums,
                                               const struct soft_dice_u8 *p,
                                               const struct soft_dice_mask *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_u8_mask_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_u8 *p,
                                                   const struct soft_dice_mask *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_u8_bits(struct soft_dice_sums *sums,
                                               const struct soft_dice_u8 *p,
                                               const struct soft_dice_bits *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_u8_bits_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_u8 *p,
                                                   const struct soft_dice_bits *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_u8_label(struct soft_dice_sums *sums,
                                                const struct soft_dice_u8 *p,
                                                const struct soft_dice_labels *t,
                                                const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_u8_label_all(struct soft_dice_sums *sums,
                                                    const struct soft_dice_u8 *p,
                                                    const struct soft_dice_labels *t,
                                                    const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_u8_own(struct soft_dice_sums *sums,
                                              const struct soft_dice_u8 *p,
                                              const struct soft_dice_own *t,
                                              const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_u8_own_all(struct soft_dice_sums *sums,
                                                  const struct soft_dice_u8 *p,
                                                  const struct soft_dice_own *t,
                                                  const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_u8_u8(struct soft_dice_sums *sums,
                                             const struct soft_dice_u8 *p,
                                             const struct soft_dice_u8 *t,
                                             const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_u8_u8_all(struct soft_dice_sums *sums,
                                                 const struct soft_dice_u8 *p,
                                                 const struct soft_dice_u8 *t,
                                                 const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_i8_mask(struct soft_dice_sums *sums,
                                               const struct soft_dice_i8 *p,
                                               const struct soft_dice_mask *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_i8_mask_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_i8 *p,
                                                   const struct soft_dice_mask *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_i8_bits(struct soft_dice_sums *sums,
                                               const struct soft_dice_i8 *p,
                                               const struct soft_dice_bits *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_i8_bits_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_i8 *p,
                                                   const struct soft_dice_bits *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_i8_label(struct soft_dice_sums *sums,
                                                const struct soft_dice_i8 *p,
                                                const struct soft_dice_labels *t,
                                                const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_i8_label_all(struct soft_dice_sums *sums,
                                                    const struct soft_dice_i8 *p,
                                                    const struct soft_dice_labels *t,
                                                    const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_i8_own(struct soft_dice_sums *sums,
                                              const struct soft_dice_i8 *p,
                                              const struct soft_dice_own *t,
                                              const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_i8_own_all(struct soft_dice_sums *sums,
                                                  const struct soft_dice_i8 *p,
                                                  const struct soft_dice_own *t,
                                                  const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_i8_i8(struct soft_dice_sums *sums,
                                             const struct soft_dice_i8 *p,
                                             const struct soft_dice_i8 *t,
                                             const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_i8_i8_all(struct soft_dice_sums *sums,
                                                 const struct soft_dice_i8 *p,
                                                 const struct soft_dice_i8 *t,
                                                 const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_i8_f32(struct soft_dice_sums *sums,
                                              const struct soft_dice_i8 *p,
                                              const struct soft_dice_f32 *t,
                                              const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_i8_f32_all(struct soft_dice_sums *sums,
                                                  const struct soft_dice_i8 *p,
                                                  const struct soft_dice_f32 *t,
                                                  const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_affine_u8_mask(struct soft_dice_sums *sums,
                                                      const struct soft_dice_affine_u8 *p,
                                                      const struct soft_dice_mask *t,
                                                      const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_affine_u8_mask_all(struct soft_dice_sums *sums,
                                                          const struct soft_dice_affine_u8 *p,
                                                          const struct soft_dice_mask *t,
                                                          const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_affine_u8_bits(struct soft_dice_sums *sums,
                                                      const struct soft_dice_affine_u8 *p,
                                                      const struct soft_dice_bits *t,
                                                      const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_affine_u8_bits_all(struct soft_dice_sums *sums,
                                                          const struct soft_dice_affine_u8 *p,
                                                          const struct soft_dice_bits *t,
                                                          const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_affine_u8_label(struct soft_dice_sums *sums,
                                                       const struct soft_dice_affine_u8 *p,
                                                       const struct soft_dice_labels *t,
                                                       const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_affine_u8_label_all(struct soft_dice_sums *sums,
                                                           const struct soft_dice_affine_u8 *p,
                                                           const struct soft_dice_labels *t,
                                                           const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_affine_u8_own(struct soft_dice_sums *sums,
                                                     const struct soft_dice_affine_u8 *p,
                                                     const struct soft_dice_own *t,
                                                     const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_affine_u8_own_all(struct soft_dice_sums *sums,
                                                         const struct soft_dice_affine_u8 *p,
                                                         const struct soft_dice_own *t,
                                                         const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_affine_u8_affine_u8(struct soft_dice_sums *sums,
                                                           const struct soft_dice_affine_u8 *p,
                                                           const struct soft_dice_affine_u8 *t,
                                                           const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_affine_u8_affine_u8_all(struct soft_dice_sums *sums,
                                                               const struct soft_dice_affine_u8 *p,
                                                               const struct soft_dice_affine_u8 *t,
                                                               const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_u16_mask(struct soft_dice_sums *sums,
                                                const struct soft_dice_u16 *p,
                                                const struct soft_dice_mask *t,
                                                const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_u16_mask_all(struct soft_dice_sums *sums,
                                                    const struct soft_dice_u16 *p,
                                                    const struct soft_dice_mask *t,
                                                    const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_u16_bits(struct soft_dice_sums *sums,
                                                const struct soft_dice_u16 *p,
                                                const struct soft_dice_bits *t,
                                                const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_u16_bits_all(struct soft_dice_sums *sums,
                                                    const struct soft_dice_u16 *p,
                                                    const struct soft_dice_bits *t,
                                                    const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_u16_label(struct soft_dice_sums *sums,
                                                 const struct soft_dice_u16 *p,
                                                 const struct soft_dice_labels *t,
                                                 const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_u16_label_all(struct soft_dice_sums *sums,
                                                     const struct soft_dice_u16 *p,
                                                     const struct soft_dice_labels *t,
                                                     const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_u16_own(struct soft_dice_sums *sums,
                                               const struct soft_dice_u16 *p,
                                               const struct soft_dice_own *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_u16_own_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_u16 *p,
                                                   const struct soft_dice_own *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_u16_u16(struct soft_dice_sums *sums,
                                               const struct soft_dice_u16 *p,
                                               const struct soft_dice_u16 *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_u16_u16_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_u16 *p,
                                                   const struct soft_dice_u16 *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_q15_mask(struct soft_dice_sums *sums,
                                                const struct soft_dice_q15 *p,
                                                const struct soft_dice_mask *t,
                                                const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_q15_mask_all(struct soft_dice_sums *sums,
                                                    const struct soft_dice_q15 *p,
                                                    const struct soft_dice_mask *t,
                                                    const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_q15_bits(struct soft_dice_sums *sums,
                                                const struct soft_dice_q15 *p,
                                                const struct soft_dice_bits *t,
                                                const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_q15_bits_all(struct soft_dice_sums *sums,
                                                    const struct soft_dice_q15 *p,
                                                    const struct soft_dice_bits *t,
                                                    const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_q15_label(struct soft_dice_sums *sums,
                                                 const struct soft_dice_q15 *p,
                                                 const struct soft_dice_labels *t,
                                                 const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_q15_label_all(struct soft_dice_sums *sums,
                                                     const struct soft_dice_q15 *p,
                                                     const struct soft_dice_labels *t,
                                                     const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_q15_own(struct soft_dice_sums *sums,
                                               const struct soft_dice_q15 *p,
                                               const struct soft_dice_own *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_q15_own_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_q15 *p,
                                                   const struct soft_dice_own *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_q15_q15(struct soft_dice_sums *sums,
                                               const struct soft_dice_q15 *p,
                                               const struct soft_dice_q15 *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_q15_q15_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_q15 *p,
                                                   const struct soft_dice_q15 *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f32_mask(struct soft_dice_sums *sums,
                                                const struct soft_dice_f32 *p,
                                                const struct soft_dice_mask *t,
                                                const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f32_mask_all(struct soft_dice_sums *sums,
                                                    const struct soft_dice_f32 *p,
                                                    const struct soft_dice_mask *t,
                                                    const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f32_bits(struct soft_dice_sums *sums,
                                                const struct soft_dice_f32 *p,
                                                const struct soft_dice_bits *t,
                                                const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f32_bits_all(struct soft_dice_sums *sums,
                                                    const struct soft_dice_f32 *p,
                                                    const struct soft_dice_bits *t,
                                                    const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f32_label(struct soft_dice_sums *sums,
                                                 const struct soft_dice_f32 *p,
                                                 const struct soft_dice_labels *t,
                                                 const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f32_label_all(struct soft_dice_sums *sums,
                                                     const struct soft_dice_f32 *p,
                                                     const struct soft_dice_labels *t,
                                                     const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f32_own(struct soft_dice_sums *sums,
                                               const struct soft_dice_f32 *p,
                                               const struct soft_dice_own *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f32_own_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_f32 *p,
                                                   const struct soft_dice_own *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f32_f32(struct soft_dice_sums *sums,
                                               const struct soft_dice_f32 *p,
                                               const struct soft_dice_f32 *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f32_f32_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_f32 *p,
                                                   const struct soft_dice_f32 *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f32fine_mask(struct soft_dice_sums *sums,
                                                    const struct soft_dice_f32fine *p,
                                                    const struct soft_dice_mask *t,
                                                    const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f32fine_mask_all(struct soft_dice_sums *sums,
                                                        const struct soft_dice_f32fine *p,
                                                        const struct soft_dice_mask *t,
                                                        const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f32fine_label(struct soft_dice_sums *sums,
                                                     const struct soft_dice_f32fine *p,
                                                     const struct soft_dice_labels *t,
                                                     const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f32fine_label_all(struct soft_dice_sums *sums,
                                                         const struct soft_dice_f32fine *p,
                                                         const struct soft_dice_labels *t,
                                                         const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f32fine_own(struct soft_dice_sums *sums,
                                                   const struct soft_dice_f32fine *p,
                                                   const struct soft_dice_own *t,
                                                   const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f32fine_own_all(struct soft_dice_sums *sums,
                                                       const struct soft_dice_f32fine *p,
                                                       const struct soft_dice_own *t,
                                                       const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f32fine_f32fine(struct soft_dice_sums *sums,
                                                       const struct soft_dice_f32fine *p,
                                                       const struct soft_dice_f32fine *t,
                                                       const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f32fine_f32fine_all(struct soft_dice_sums *sums,
                                                           const struct soft_dice_f32fine *p,
                                                           const struct soft_dice_f32fine *t,
                                                           const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f16_mask(struct soft_dice_sums *sums,
                                                const struct soft_dice_f16 *p,
                                                const struct soft_dice_mask *t,
                                                const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f16_mask_all(struct soft_dice_sums *sums,
                                                    const struct soft_dice_f16 *p,
                                                    const struct soft_dice_mask *t,
                                                    const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f16_label(struct soft_dice_sums *sums,
                                                 const struct soft_dice_f16 *p,
                                                 const struct soft_dice_labels *t,
                                                 const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f16_label_all(struct soft_dice_sums *sums,
                                                     const struct soft_dice_f16 *p,
                                                     const struct soft_dice_labels *t,
                                                     const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f16_own(struct soft_dice_sums *sums,
                                               const struct soft_dice_f16 *p,
                                               const struct soft_dice_own *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f16_own_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_f16 *p,
                                                   const struct soft_dice_own *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_f16_f16(struct soft_dice_sums *sums,
                                               const struct soft_dice_f16 *p,
                                               const struct soft_dice_f16 *t,
                                               const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_f16_f16_all(struct soft_dice_sums *sums,
                                                   const struct soft_dice_f16 *p,
                                                   const struct soft_dice_f16 *t,
                                                   const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_mask01_mask(struct soft_dice_sums *sums,
                                                   const struct soft_dice_mask01 *p,
                                                   const struct soft_dice_mask *t,
                                                   const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_mask01_mask_all(struct soft_dice_sums *sums,
                                                       const struct soft_dice_mask01 *p,
                                                       const struct soft_dice_mask *t,
                                                       const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_mask01_label(struct soft_dice_sums *sums,
                                                    const struct soft_dice_mask01 *p,
                                                    const struct soft_dice_labels *t,
                                                    const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_mask01_label_all(struct soft_dice_sums *sums,
                                                        const struct soft_dice_mask01 *p,
                                                        const struct soft_dice_labels *t,
                                                        const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_mask255_mask(struct soft_dice_sums *sums,
                                                    const struct soft_dice_mask255 *p,
                                                    const struct soft_dice_mask *t,
                                                    const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_mask255_mask_all(struct soft_dice_sums *sums,
                                                        const struct soft_dice_mask255 *p,
                                                        const struct soft_dice_mask *t,
                                                        const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_mask255_label(struct soft_dice_sums *sums,
                                                     const struct soft_dice_mask255 *p,
                                                     const struct soft_dice_labels *t,
                                                     const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_mask255_label_all(struct soft_dice_sums *sums,
                                                         const struct soft_dice_mask255 *p,
                                                         const struct soft_dice_labels *t,
                                                         const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_logits_i8_mask(struct soft_dice_sums *sums,
                                                      const struct soft_dice_logits_i8 *p,
                                                      const struct soft_dice_mask *t,
                                                      const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_logits_i8_mask_all(struct soft_dice_sums *sums,
                                                          const struct soft_dice_logits_i8 *p,
                                                          const struct soft_dice_mask *t,
                                                          const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_logits_i8_label(struct soft_dice_sums *sums,
                                                       const struct soft_dice_logits_i8 *p,
                                                       const struct soft_dice_labels *t,
                                                       const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_logits_i8_label_all(struct soft_dice_sums *sums,
                                                           const struct soft_dice_logits_i8 *p,
                                                           const struct soft_dice_labels *t,
                                                           const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_logits_i8_own(struct soft_dice_sums *sums,
                                                     const struct soft_dice_logits_i8 *p,
                                                     const struct soft_dice_own *t,
                                                     const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_logits_i8_own_all(struct soft_dice_sums *sums,
                                                         const struct soft_dice_logits_i8 *p,
                                                         const struct soft_dice_own *t,
                                                         const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_logits_u8_mask(struct soft_dice_sums *sums,
                                                      const struct soft_dice_logits_u8 *p,
                                                      const struct soft_dice_mask *t,
                                                      const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_logits_u8_mask_all(struct soft_dice_sums *sums,
                                                          const struct soft_dice_logits_u8 *p,
                                                          const struct soft_dice_mask *t,
                                                          const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_logits_u8_label(struct soft_dice_sums *sums,
                                                       const struct soft_dice_logits_u8 *p,
                                                       const struct soft_dice_labels *t,
                                                       const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_logits_u8_label_all(struct soft_dice_sums *sums,
                                                           const struct soft_dice_logits_u8 *p,
                                                           const struct soft_dice_labels *t,
                                                           const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_logits_u8_own(struct soft_dice_sums *sums,
                                                     const struct soft_dice_logits_u8 *p,
                                                     const struct soft_dice_own *t,
                                                     const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_logits_u8_own_all(struct soft_dice_sums *sums,
                                                         const struct soft_dice_logits_u8 *p,
                                                         const struct soft_dice_own *t,
                                                         const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_logits_f32_mask(struct soft_dice_sums *sums,
                                                       const struct soft_dice_logits_f32 *p,
                                                       const struct soft_dice_mask *t,
                                                       const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_logits_f32_mask_all(struct soft_dice_sums *sums,
                                                           const struct soft_dice_logits_f32 *p,
                                                           const struct soft_dice_mask *t,
                                                           const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_logits_f32_label(struct soft_dice_sums *sums,
                                                        const struct soft_dice_logits_f32 *p,
                                                        const struct soft_dice_labels *t,
                                                        const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_logits_f32_label_all(struct soft_dice_sums *sums,
                                                            const struct soft_dice_logits_f32 *p,
                                                            const struct soft_dice_labels *t,
                                                            const struct soft_dice_rows *rows);

// Adds pixels to count, p, t and pt. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_update_logits_f32_own(struct soft_dice_sums *sums,
                                                      const struct soft_dice_logits_f32 *p,
                                                      const struct soft_dice_own *t,
                                                      const struct soft_dice_rows *rows);

// The same, and squares and minima too.
enum soft_dice_status soft_dice_update_logits_f32_own_all(struct soft_dice_sums *sums,
                                                          const struct soft_dice_logits_f32 *p,
                                                          const struct soft_dice_own *t,
                                                          const struct soft_dice_rows *rows);

// Adds pixels of all classes: `p` holds as many values for each pixel as there are channels, `t` a label, `classes` the
// sums of those that are chosen. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`. `region` may
// be null: all pixels then.
enum soft_dice_status soft_dice_update_classes_u8(struct soft_dice_sums *classes,
                                                  const struct soft_dice_channels *channels,
                                                  const struct soft_dice_u8 *p,
                                                  const struct soft_dice_labels *t,
                                                  const struct soft_dice_region *region);

// Adds pixels of all classes, each against the mask of where it is the greatest, the first of equal ones: its score is
// the class's Soft Dice Confidence, which needs no labels. A pixel one of whose values is no number is left out of all
// classes. It goes a pixel at a time, and four classes at once.
enum soft_dice_status soft_dice_confidence_classes_u8(struct soft_dice_sums *classes,
                                                      const struct soft_dice_channels *channels,
                                                      const struct soft_dice_u8 *p,
                                                      const struct soft_dice_region *region);

// Adds pixels of all classes: `p` holds as many values for each pixel as there are channels, `t` a label, `classes` the
// sums of those that are chosen. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`. `region` may
// be null: all pixels then.
enum soft_dice_status soft_dice_update_classes_i8(struct soft_dice_sums *classes,
                                                  const struct soft_dice_channels *channels,
                                                  const struct soft_dice_i8 *p,
                                                  const struct soft_dice_labels *t,
                                                  const struct soft_dice_region *region);

// Adds pixels of all classes, each against the mask of where it is the greatest, the first of equal ones: its score is
// the class's Soft Dice Confidence, which needs no labels. A pixel one of whose values is no number is left out of all
// classes. It goes a pixel at a time, and four classes at once.
enum soft_dice_status soft_dice_confidence_classes_i8(struct soft_dice_sums *classes,
                                                      const struct soft_dice_channels *channels,
                                                      const struct soft_dice_i8 *p,
                                                      const struct soft_dice_region *region);

// Adds pixels of all classes: `p` holds as many values for each pixel as there are channels, `t` a label, `classes` the
// sums of those that are chosen. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`. `region` may
// be null: all pixels then.
enum soft_dice_status soft_dice_update_classes_affine_u8(struct soft_dice_sums *classes,
                                                         const struct soft_dice_channels *channels,
                                                         const struct soft_dice_affine_u8 *p,
                                                         const struct soft_dice_labels *t,
                                                         const struct soft_dice_region *region);

// Adds pixels of all classes, each against the mask of where it is the greatest, the first of equal ones: its score is
// the class's Soft Dice Confidence, which needs no labels. A pixel one of whose values is no number is left out of all
// classes. It goes a pixel at a time, and four classes at once.
enum soft_dice_status soft_dice_confidence_classes_affine_u8(struct soft_dice_sums *classes,
                                                             const struct soft_dice_channels *channels,
                                                             const struct soft_dice_affine_u8 *p,
                                                             const struct soft_dice_region *region);

// Adds pixels of all classes: `p` holds as many values for each pixel as there are channels, `t` a label, `classes` the
// sums of those that are chosen. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`. `region` may
// be null: all pixels then.
enum soft_dice_status soft_dice_update_classes_u16(struct soft_dice_sums *classes,
                                                   const struct soft_dice_channels *channels,
                                                   const struct soft_dice_u16 *p,
                                                   const struct soft_dice_labels *t,
                                                   const struct soft_dice_region *region);

// Adds pixels of all classes, each against the mask of where it is the greatest, the first of equal ones: its score is
// the class's Soft Dice Confidence, which needs no labels. A pixel one of whose values is no number is left out of all
// classes. It goes a pixel at a time, and four classes at once.
enum soft_dice_status soft_dice_confidence_classes_u16(struct soft_dice_sums *classes,
                                                       const struct soft_dice_channels *channels,
                                                       const struct soft_dice_u16 *p,
                                                       const struct soft_dice_region *region);

// Adds pixels of all classes: `p` holds as many values for each pixel as there are channels, `t` a label, `classes` the
// sums of those that are chosen. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`. `region` may
// be null: all pixels then.
enum soft_dice_status soft_dice_update_classes_q15(struct soft_dice_sums *classes,
                                                   const struct soft_dice_channels *channels,
                                                   const struct soft_dice_q15 *p,
                                                   const struct soft_dice_labels *t,
                                                   const struct soft_dice_region *region);

// Adds pixels of all classes, each against the mask of where it is the greatest, the first of equal ones: its score is
// the class's Soft Dice Confidence, which needs no labels. A pixel one of whose values is no number is left out of all
// classes. It goes a pixel at a time, and four classes at once.
enum soft_dice_status soft_dice_confidence_classes_q15(struct soft_dice_sums *classes,
                                                       const struct soft_dice_channels *channels,
                                                       const struct soft_dice_q15 *p,
                                                       const struct soft_dice_region *region);

// Adds pixels of all classes: `p` holds as many values for each pixel as there are channels, `t` a label, `classes` the
// sums of those that are chosen. A label that is no class (nor ignored) is refused with `SOFT_DICE_LABEL`. `region` may
// be null: all pixels then.
enum soft_dice_status soft_dice_update_classes_f32(struct soft_dice_sums *classes,
                                                   const struct soft_dice_channels *channels,
                                                   const struct soft_dice_f32 *p,
                                                   const struct soft_dice_labels *t,
                                                   const struct soft_dice_region *region);

// Adds pixels of all classes, each against the mask of where it is the greatest, the first of equal ones: its score is
// the class's Soft Dice Confidence, which needs no labels. A pixel one of whose values is no number is left out of all
// classes. It goes a pixel at a time, and four classes at once.
enum soft_dice_status soft_dice_confidence_classes_f32(struct soft_dice_sums *classes,
                                                       const struct soft_dice_channels *channels,
                                                       const struct soft_dice_f32 *p,
                                                       const struct soft_dice_region *region);

// Adds pixels of all classes from their logits: p is e^(x - max) over its sum, within 4e-7. `p` holds `values` of them, as many
// for each pixel as there are channels. A pixel with a NaN or plus infinity is left out of all classes and counted as invalid.
// Else it is as `soft_dice_update_classes_f32`, whose sums it gives. Four classes at once: for more the softmax is taken again. It
// takes 6 KB of stack.
enum soft_dice_status soft_dice_softmax_classes_f32(struct soft_dice_sums *classes,
                                                    const struct soft_dice_channels *channels,
                                                    const float *p,
                                                    size_t values,
                                                    const struct soft_dice_labels *t,
                                                    const struct soft_dice_region *region);

// The same of 8-bit logits, by a table of `soft_dice_softmax_init`: within 3 codes of 2^-23. It takes 7 KB of stack.
enum soft_dice_status soft_dice_softmax_classes_i8(struct soft_dice_sums *classes,
                                                   const struct soft_dice_channels *channels,
                                                   const int8_t *p,
                                                   size_t values,
                                                   const struct soft_dice_softmax *table,
                                                   const struct soft_dice_labels *t,
                                                   const struct soft_dice_region *region);

// The same of 8-bit logits, by a table of `soft_dice_softmax_init`: within 3 codes of 2^-23. It takes 7 KB of stack.
enum soft_dice_status soft_dice_softmax_classes_u8(struct soft_dice_sums *classes,
                                                   const struct soft_dice_channels *channels,
                                                   const uint8_t *p,
                                                   size_t values,
                                                   const struct soft_dice_softmax *table,
                                                   const struct soft_dice_labels *t,
                                                   const struct soft_dice_region *region);

// Counts pixels of all classes by the greatest channel, the first of equal ones: `p` holds `values` numbers, as many for
// each pixel as there are channels, and they are compared as they are, be they probabilities or logits. A pixel with a
// NaN is left out and counted as invalid. `region` may be null: all pixels then. 32 channels take 1.5 KB of stack, more
// 12 KB.
enum soft_dice_status soft_dice_argmax_u8(struct soft_dice_sums *classes,
                                          const struct soft_dice_channels *channels,
                                          const uint8_t *p,
                                          size_t values,
                                          const struct soft_dice_labels *t,
                                          const struct soft_dice_region *region);

// Counts pixels of all classes by the greatest channel, the first of equal ones: `p` holds `values` numbers, as many for
// each pixel as there are channels, and they are compared as they are, be they probabilities or logits. A pixel with a
// NaN is left out and counted as invalid. `region` may be null: all pixels then. 32 channels take 1.5 KB of stack, more
// 12 KB.
enum soft_dice_status soft_dice_argmax_i8(struct soft_dice_sums *classes,
                                          const struct soft_dice_channels *channels,
                                          const int8_t *p,
                                          size_t values,
                                          const struct soft_dice_labels *t,
                                          const struct soft_dice_region *region);

// Counts pixels of all classes by the greatest channel, the first of equal ones: `p` holds `values` numbers, as many for
// each pixel as there are channels, and they are compared as they are, be they probabilities or logits. A pixel with a
// NaN is left out and counted as invalid. `region` may be null: all pixels then. 32 channels take 1.5 KB of stack, more
// 12 KB.
enum soft_dice_status soft_dice_argmax_i16(struct soft_dice_sums *classes,
                                           const struct soft_dice_channels *channels,
                                           const int16_t *p,
                                           size_t values,
                                           const struct soft_dice_labels *t,
                                           const struct soft_dice_region *region);

// Counts pixels of all classes by the greatest channel, the first of equal ones: `p` holds `values` numbers, as many for
// each pixel as there are channels, and they are compared as they are, be they probabilities or logits. A pixel with a
// NaN is left out and counted as invalid. `region` may be null: all pixels then. 32 channels take 1.5 KB of stack, more
// 12 KB.
enum soft_dice_status soft_dice_argmax_f32(struct soft_dice_sums *classes,
                                           const struct soft_dice_channels *channels,
                                           const float *p,
                                           size_t values,
                                           const struct soft_dice_labels *t,
                                           const struct soft_dice_region *region);

// Counts two maps of labels against each other, class by class: `p` holds a label for each pixel of `t`. A label of either that
// is no class (nor, in `t`, ignored) is refused with `SOFT_DICE_LABEL`. Of `channels` the layout has to be 0; `region` may be
// null: all pixels then. 32 channels take 1.5 KB of stack, more 12 KB.
enum soft_dice_status soft_dice_count_labels(struct soft_dice_sums *classes,
                                             const struct soft_dice_channels *channels,
                                             const uint8_t *p,
                                             const struct soft_dice_labels *t,
                                             const struct soft_dice_region *region);

// Counts pixels that reach the threshold `own` against a mask: hard scores are taken of these sums. `rows` may be null:
// all pixels then, and as many in the target.
enum soft_dice_status soft_dice_count_u8_mask(struct soft_dice_sums *sums,
                                              const struct soft_dice_u8 *p,
                                              const struct soft_dice_own *own,
                                              const struct soft_dice_mask *t,
                                              const struct soft_dice_rows *rows);

// Counts pixels that reach the threshold `own` against a mask: hard scores are taken of these sums. `rows` may be null:
// all pixels then, and as many in the target.
enum soft_dice_status soft_dice_count_i8_mask(struct soft_dice_sums *sums,
                                              const struct soft_dice_i8 *p,
                                              const struct soft_dice_own *own,
                                              const struct soft_dice_mask *t,
                                              const struct soft_dice_rows *rows);

// Counts pixels that reach the threshold `own` against a mask: hard scores are taken of these sums. `rows` may be null:
// all pixels then, and as many in the target.
enum soft_dice_status soft_dice_count_affine_u8_mask(struct soft_dice_sums *sums,
                                                     const struct soft_dice_affine_u8 *p,
                                                     const struct soft_dice_own *own,
                                                     const struct soft_dice_mask *t,
                                                     const struct soft_dice_rows *rows);

// Counts pixels that reach the threshold `own` against a mask: hard scores are taken of these sums. `rows` may be null:
// all pixels then, and as many in the target.
enum soft_dice_status soft_dice_count_u16_mask(struct soft_dice_sums *sums,
                                               const struct soft_dice_u16 *p,
                                               const struct soft_dice_own *own,
                                               const struct soft_dice_mask *t,
                                               const struct soft_dice_rows *rows);

// Counts pixels that reach the threshold `own` against a mask: hard scores are taken of these sums. `rows` may be null:
// all pixels then, and as many in the target.
enum soft_dice_status soft_dice_count_q15_mask(struct soft_dice_sums *sums,
                                               const struct soft_dice_q15 *p,
                                               const struct soft_dice_own *own,
                                               const struct soft_dice_mask *t,
                                               const struct soft_dice_rows *rows);

// Counts pixels that reach the threshold `own` against a mask: hard scores are taken of these sums. `rows` may be null:
// all pixels then, and as many in the target.
enum soft_dice_status soft_dice_count_f32_mask(struct soft_dice_sums *sums,
                                               const struct soft_dice_f32 *p,
                                               const struct soft_dice_own *own,
                                               const struct soft_dice_mask *t,
                                               const struct soft_dice_rows *rows);

// Adds so many pixels of a prediction of bits, of which 1 is foreground, against a mask of bits. `region` may be null: all
// pixels then.
enum soft_dice_status soft_dice_update_bits_bits(struct soft_dice_sums *sums,
                                                 const struct soft_dice_bits *p,
                                                 const struct soft_dice_bits *t,
                                                 size_t pixels,
                                                 const struct soft_dice_region *region);

// Adds so many pixels of a prediction of bits against a mask of bytes. `region` may be null: all pixels then.
enum soft_dice_status soft_dice_update_bits_mask(struct soft_dice_sums *sums,
                                                 const struct soft_dice_bits *p,
                                                 const struct soft_dice_mask *t,
                                                 size_t pixels,
                                                 const struct soft_dice_region *region);

// Adds so many pixels of a prediction of bits against one class of a map of labels. `region` may be null: all pixels then.
enum soft_dice_status soft_dice_update_bits_label(struct soft_dice_sums *sums,
                                                  const struct soft_dice_bits *p,
                                                  const struct soft_dice_labels *t,
                                                  size_t pixels,
                                                  const struct soft_dice_region *region);

// Counts pixels. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_histogram_u8_mask(struct soft_dice_histogram *histogram,
                                                  const struct soft_dice_u8 *p,
                                                  const struct soft_dice_mask *t,
                                                  const struct soft_dice_rows *rows);

// Counts pixels. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_histogram_u8_bits(struct soft_dice_histogram *histogram,
                                                  const struct soft_dice_u8 *p,
                                                  const struct soft_dice_bits *t,
                                                  const struct soft_dice_rows *rows);

// Counts pixels. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_histogram_u8_label(struct soft_dice_histogram *histogram,
                                                   const struct soft_dice_u8 *p,
                                                   const struct soft_dice_labels *t,
                                                   const struct soft_dice_rows *rows);

// Counts pixels. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_histogram_i8_mask(struct soft_dice_histogram *histogram,
                                                  const struct soft_dice_i8 *p,
                                                  const struct soft_dice_mask *t,
                                                  const struct soft_dice_rows *rows);

// Counts pixels. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_histogram_i8_bits(struct soft_dice_histogram *histogram,
                                                  const struct soft_dice_i8 *p,
                                                  const struct soft_dice_bits *t,
                                                  const struct soft_dice_rows *rows);

// Counts pixels. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_histogram_i8_label(struct soft_dice_histogram *histogram,
                                                   const struct soft_dice_i8 *p,
                                                   const struct soft_dice_labels *t,
                                                   const struct soft_dice_rows *rows);

// Counts pixels. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_histogram_affine_u8_mask(struct soft_dice_histogram *histogram,
                                                         const struct soft_dice_affine_u8 *p,
                                                         const struct soft_dice_mask *t,
                                                         const struct soft_dice_rows *rows);

// Counts pixels. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_histogram_affine_u8_bits(struct soft_dice_histogram *histogram,
                                                         const struct soft_dice_affine_u8 *p,
                                                         const struct soft_dice_bits *t,
                                                         const struct soft_dice_rows *rows);

// Counts pixels. `rows` may be null: all pixels then, and as many in the target.
enum soft_dice_status soft_dice_histogram_affine_u8_label(struct soft_dice_histogram *histogram,
                                                          const struct soft_dice_affine_u8 *p,
                                                          const struct soft_dice_labels *t,
                                                          const struct soft_dice_rows *rows);

// Adds the counts of other pixels, in any order: of another tile, core or device. Both may be the same.
enum soft_dice_status soft_dice_histogram_merge(struct soft_dice_histogram *histogram,
                                                const struct soft_dice_histogram *other);

// The sums of the same pixels, squares and minima among them: of a histogram any score can be taken.
enum soft_dice_status soft_dice_histogram_sums(const struct soft_dice_histogram *histogram,
                                               struct soft_dice_sums *result);

// Hard counts of the pixels that reach the threshold `own`, which is compared exactly: what `soft_dice_count_..._mask` gives.
enum soft_dice_status soft_dice_histogram_cut(const struct soft_dice_histogram *histogram,
                                              const struct soft_dice_own *own,
                                              struct soft_dice_sums *result);

// The sums of the map with its own mask from the threshold on, whatever the target was: their score is the Soft Dice
// Confidence. It takes a kilobyte of stack more.
enum soft_dice_status soft_dice_histogram_own(const struct soft_dice_histogram *histogram,
                                              const struct soft_dice_own *own,
                                              struct soft_dice_sums *result);

// The threshold at which a score of hard counts is best (a loss least), compared exactly; of equally good ones the lowest.
// Thresholds at which it is undefined or left out are passed over; `SOFT_DICE_UNDEFINED` if it is so at all of them.
enum soft_dice_status soft_dice_histogram_best(const struct soft_dice_histogram *histogram,
                                               const struct soft_dice_score *score,
                                               struct soft_dice_best *result);

// The Brier score: the mean of (p - t)^2. `SOFT_DICE_UNDEFINED` of no pixel.
enum soft_dice_status soft_dice_histogram_brier(const struct soft_dice_histogram *histogram,
                                                double *result);

// The mean of -t ln p - (1 - t) ln(1 - p), in nats. p is brought into [least, 1 - least] first, with a `least` between 0 and 1/2;
// of 0 an infinite cost is `SOFT_DICE_UNDEFINED`, as is no pixel.
enum soft_dice_status soft_dice_histogram_cross_entropy(const struct soft_dice_histogram *histogram,
                                                        double least,
                                                        double *result);

// The area under the ROC curve: how often a pixel of the target has a greater code than one outside, ties counting half.
// `SOFT_DICE_UNDEFINED` unless there are pixels of both kinds.
enum soft_dice_status soft_dice_histogram_roc_area(const struct soft_dice_histogram *histogram,
                                                   double *result);

// Average precision, a sum of steps without interpolation. `SOFT_DICE_UNDEFINED` without a pixel of the target.
enum soft_dice_status soft_dice_histogram_average_precision(const struct soft_dice_histogram *histogram,
                                                            double *result);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_u8_mask(struct soft_dice_tiles *tiles,
                                              const struct soft_dice_u8 *p,
                                              const struct soft_dice_mask *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_u8_label(struct soft_dice_tiles *tiles,
                                               const struct soft_dice_u8 *p,
                                               const struct soft_dice_labels *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_u8_own(struct soft_dice_tiles *tiles,
                                             const struct soft_dice_u8 *p,
                                             const struct soft_dice_own *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_i8_mask(struct soft_dice_tiles *tiles,
                                              const struct soft_dice_i8 *p,
                                              const struct soft_dice_mask *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_i8_label(struct soft_dice_tiles *tiles,
                                               const struct soft_dice_i8 *p,
                                               const struct soft_dice_labels *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_i8_own(struct soft_dice_tiles *tiles,
                                             const struct soft_dice_i8 *p,
                                             const struct soft_dice_own *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_affine_u8_mask(struct soft_dice_tiles *tiles,
                                                     const struct soft_dice_affine_u8 *p,
                                                     const struct soft_dice_mask *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_affine_u8_label(struct soft_dice_tiles *tiles,
                                                      const struct soft_dice_affine_u8 *p,
                                                      const struct soft_dice_labels *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_affine_u8_own(struct soft_dice_tiles *tiles,
                                                    const struct soft_dice_affine_u8 *p,
                                                    const struct soft_dice_own *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_u16_mask(struct soft_dice_tiles *tiles,
                                               const struct soft_dice_u16 *p,
                                               const struct soft_dice_mask *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_u16_label(struct soft_dice_tiles *tiles,
                                                const struct soft_dice_u16 *p,
                                                const struct soft_dice_labels *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_u16_own(struct soft_dice_tiles *tiles,
                                              const struct soft_dice_u16 *p,
                                              const struct soft_dice_own *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_q15_mask(struct soft_dice_tiles *tiles,
                                               const struct soft_dice_q15 *p,
                                               const struct soft_dice_mask *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_q15_label(struct soft_dice_tiles *tiles,
                                                const struct soft_dice_q15 *p,
                                                const struct soft_dice_labels *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_q15_own(struct soft_dice_tiles *tiles,
                                              const struct soft_dice_q15 *p,
                                              const struct soft_dice_own *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_f32_mask(struct soft_dice_tiles *tiles,
                                               const struct soft_dice_f32 *p,
                                               const struct soft_dice_mask *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_f32_label(struct soft_dice_tiles *tiles,
                                                const struct soft_dice_f32 *p,
                                                const struct soft_dice_labels *t);

// Adds the next pixels of the frame, row by row, in chunks of any size, to count, p, t and pt of their tiles. Pixels that
// reach beyond the frame are `SOFT_DICE_ROWS`.
enum soft_dice_status soft_dice_tiles_f32_own(struct soft_dice_tiles *tiles,
                                              const struct soft_dice_f32 *p,
                                              const struct soft_dice_own *t);

// Begins the next frame, whose pixels are added to those so far. For sums of its own, reset each tile's.
enum soft_dice_status soft_dice_tiles_next_frame(struct soft_dice_tiles *tiles);

// The sums of the frame: those of all tiles.
enum soft_dice_status soft_dice_tiles_total(const struct soft_dice_tiles *tiles,
                                            struct soft_dice_sums *result);

// A score over classes. Classes without a target pixel are left out of means, unless `all_classes` says otherwise.
enum soft_dice_status soft_dice_average_of(const struct soft_dice_score *score,
                                           const struct soft_dice_average *average,
                                           const struct soft_dice_sums *classes,
                                           size_t channels,
                                           struct soft_dice_mean *result);

// The generalised Dice of classes.
enum soft_dice_status soft_dice_generalised_of(const struct soft_dice_generalised *generalised,
                                               const struct soft_dice_sums *classes,
                                               size_t channels,
                                               double *result);

// The score in Q15: 32768 is 1.0. Nearest even, and no float instruction.
enum soft_dice_status soft_dice_score_q15(const struct soft_dice_score *score,
                                          const struct soft_dice_sums *sums,
                                          int32_t *result);

// The score in Q31: 2^31 is 1.0. Nearest even, and no float instruction.
enum soft_dice_status soft_dice_score_q31(const struct soft_dice_score *score,
                                          const struct soft_dice_sums *sums,
                                          int64_t *result);

// The score as the nearest float.
enum soft_dice_status soft_dice_score_f32(const struct soft_dice_score *score,
                                          const struct soft_dice_sums *sums,
                                          float *result);

// The score as the nearest double.
enum soft_dice_status soft_dice_score_f64(const struct soft_dice_score *score,
                                          const struct soft_dice_sums *sums,
                                          double *result);

// The mean of a score over the classes that are present.
enum soft_dice_status soft_dice_mean_of(const struct soft_dice_score *score,
                                        const struct soft_dice_sums *classes,
                                        size_t channels,
                                        struct soft_dice_mean *result);

// A report as bytes for a log or a radio, `SOFT_DICE_PACKED_BYTES(soft_dice_report)` of them: mark, kind, version, the
// struct's length, the struct's bytes as a little-endian machine has them, and CRC-16/CCITT-FALSE of all of that, its
// low byte first. Records follow each other; `soft-dice log` reads them.
enum soft_dice_status soft_dice_pack_report(const struct soft_dice_report *value,
                                            uint8_t *bytes,
                                            size_t room,
                                            size_t *written);

// An event, likewise; nothing is written where the state has not changed.
enum soft_dice_status soft_dice_pack_event(const struct soft_dice_event *value,
                                           uint8_t *bytes,
                                           size_t room,
                                           size_t *written);

// Sums, likewise; nothing is written of empty ones.
enum soft_dice_status soft_dice_pack_sums(const struct soft_dice_sums *value,
                                          uint8_t *bytes,
                                          size_t room,
                                          size_t *written);

//A state in words; a string that lives for ever. Any number may be asked for.
const char *soft_dice_state_text(soft_dice_state value);

//A cause in words; a string that lives for ever. Any number may be asked for.
const char *soft_dice_cause_text(soft_dice_cause value);

//A phase in words; a string that lives for ever. Any number may be asked for.
const char *soft_dice_phase_text(soft_dice_phase value);

// The settings for every network and scene: what `SOFT_DICE_SETTINGS_INIT` initialises, and a null pointer stands for.
enum soft_dice_status soft_dice_settings_default(struct soft_dice_settings *result);

// Begins a watch for those who sum frames themselves, from tiles say: it takes `soft_dice_frame`s. `settings` may be null:
// the general ones.
enum soft_dice_status soft_dice_watch_init_frames(struct soft_dice_watch *watch,
                                                  const struct soft_dice_settings *settings);

// Takes a frame that was summed elsewhere, of a watch that `soft_dice_watch_init_frames` began.
enum soft_dice_status soft_dice_watch_observe(struct soft_dice_watch *watch,
                                              const struct soft_dice_frame *frame,
                                              struct soft_dice_event *event);

// Takes note of a frame that never came. An open frame stays open.
enum soft_dice_status soft_dice_watch_dropped(struct soft_dice_watch *watch,
                                              struct soft_dice_event *event);

// Forgets everything but the settings; an open frame is given up.
enum soft_dice_status soft_dice_watch_reset(struct soft_dice_watch *watch);

// Begins anew with what was learnt before, after a reboot say; an open frame is given up.
enum soft_dice_status soft_dice_watch_restore(struct soft_dice_watch *watch,
                                              const struct soft_dice_learnt *learnt);

// All that is known, as numbers.
enum soft_dice_status soft_dice_watch_report(const struct soft_dice_watch *watch,
                                             struct soft_dice_report *result);

// What has been learnt, to be kept over a reboot.
enum soft_dice_status soft_dice_watch_learnt(const struct soft_dice_watch *watch,
                                             struct soft_dice_learnt *result);

// The verdict so far.
enum soft_dice_status soft_dice_watch_state(const struct soft_dice_watch *watch,
                                            soft_dice_state *result);

// All that is known of one signal.
enum soft_dice_status soft_dice_watch_signal(const struct soft_dice_watch *watch,
                                             soft_dice_signal which,
                                             struct soft_dice_signal_status *result);

// Begins a watch of maps as `map` describes them: its pixels and what they denote; `map->data` is not read and may be
// null.
enum soft_dice_status soft_dice_watch_init_u8(struct soft_dice_watch *watch,
                                              const struct soft_dice_u8 *map,
                                              const struct soft_dice_watch_setup *setup);

// Takes a whole map, with the camera's picture of that moment or null, and says in `event` whether the state has
// changed. A map that is refused does not count: call `soft_dice_watch_dropped` if it should.
enum soft_dice_status soft_dice_watch_frame_u8(struct soft_dice_watch *watch,
                                               const struct soft_dice_u8 *map,
                                               const struct soft_dice_picture *picture,
                                               struct soft_dice_event *event);

// Begins a frame that comes in chunks. Of a `region` (a byte for each pixel of a map, not 0 inside; or null) it
// takes the pixels inside alone, and reads it until the frame is finished.
enum soft_dice_status soft_dice_watch_begin_u8(struct soft_dice_watch *watch,
                                               const uint8_t *region,
                                               size_t region_bytes);

// Takes the map's next pixels.
enum soft_dice_status soft_dice_watch_chunk_u8(struct soft_dice_watch *watch,
                                               const struct soft_dice_u8 *map);

// Takes the picture's next row, as the camera writes it: behind the map's row that it belongs to.
enum soft_dice_status soft_dice_watch_row_u8(struct soft_dice_watch *watch,
                                             const uint8_t *bytes,
                                             size_t row_bytes);

// What something else knows of the open frame's scene (a light barrier, another model): 0 if there is nothing to
// see, else there is.
enum soft_dice_status soft_dice_watch_occupied_u8(struct soft_dice_watch *watch,
                                                  uint8_t anything);

// The open frame is complete: says in `event` whether the state has changed.
enum soft_dice_status soft_dice_watch_finish_u8(struct soft_dice_watch *watch,
                                                struct soft_dice_event *event);

// The sums of the last frame with its own mask, exactly.
enum soft_dice_status soft_dice_watch_sums_u8(const struct soft_dice_watch *watch,
                                              struct soft_dice_sums *sums);

// Begins a watch of maps as `map` describes them: its pixels and what they denote; `map->data` is not read and may be
// null.
enum soft_dice_status soft_dice_watch_init_i8(struct soft_dice_watch *watch,
                                              const struct soft_dice_i8 *map,
                                              const struct soft_dice_watch_setup *setup);

// Takes a whole map, with the camera's picture of that moment or null, and says in `event` whether the state has
// changed. A map that is refused does not count: call `soft_dice_watch_dropped` if it should.
enum soft_dice_status soft_dice_watch_frame_i8(struct soft_dice_watch *watch,
                                               const struct soft_dice_i8 *map,
                                               const struct soft_dice_picture *picture,
                                               struct soft_dice_event *event);

// Begins a frame that comes in chunks. Of a `region` (a byte for each pixel of a map, not 0 inside; or null) it
// takes the pixels inside alone, and reads it until the frame is finished.
enum soft_dice_status soft_dice_watch_begin_i8(struct soft_dice_watch *watch,
                                               const uint8_t *region,
                                               size_t region_bytes);

// Takes the map's next pixels.
enum soft_dice_status soft_dice_watch_chunk_i8(struct soft_dice_watch *watch,
                                               const struct soft_dice_i8 *map);

// Takes the picture's next row, as the camera writes it: behind the map's row that it belongs to.
enum soft_dice_status soft_dice_watch_row_i8(struct soft_dice_watch *watch,
                                             const uint8_t *bytes,
                                             size_t row_bytes);

// What something else knows of the open frame's scene (a light barrier, another model): 0 if there is nothing to
// see, else there is.
enum soft_dice_status soft_dice_watch_occupied_i8(struct soft_dice_watch *watch,
                                                  uint8_t anything);

// The open frame is complete: says in `event` whether the state has changed.
enum soft_dice_status soft_dice_watch_finish_i8(struct soft_dice_watch *watch,
                                                struct soft_dice_event *event);

// The sums of the last frame with its own mask, exactly.
enum soft_dice_status soft_dice_watch_sums_i8(const struct soft_dice_watch *watch,
                                              struct soft_dice_sums *sums);

// Begins a watch of maps as `map` describes them: its pixels and what they denote; `map->data` is not read and may be
// null.
enum soft_dice_status soft_dice_watch_init_affine_u8(struct soft_dice_watch *watch,
                                                     const struct soft_dice_affine_u8 *map,
                                                     const struct soft_dice_watch_setup *setup);

// Takes a whole map, with the camera's picture of that moment or null, and says in `event` whether the state has
// changed. A map that is refused does not count: call `soft_dice_watch_dropped` if it should.
enum soft_dice_status soft_dice_watch_frame_affine_u8(struct soft_dice_watch *watch,
                                                      const struct soft_dice_affine_u8 *map,
                                                      const struct soft_dice_picture *picture,
                                                      struct soft_dice_event *event);

// Begins a frame that comes in chunks. Of a `region` (a byte for each pixel of a map, not 0 inside; or null) it
// takes the pixels inside alone, and reads it until the frame is finished.
enum soft_dice_status soft_dice_watch_begin_affine_u8(struct soft_dice_watch *watch,
                                                      const uint8_t *region,
                                                      size_t region_bytes);

// Takes the map's next pixels.
enum soft_dice_status soft_dice_watch_chunk_affine_u8(struct soft_dice_watch *watch,
                                                      const struct soft_dice_affine_u8 *map);

// Takes the picture's next row, as the camera writes it: behind the map's row that it belongs to.
enum soft_dice_status soft_dice_watch_row_affine_u8(struct soft_dice_watch *watch,
                                                    const uint8_t *bytes,
                                                    size_t row_bytes);

// What something else knows of the open frame's scene (a light barrier, another model): 0 if there is nothing to
// see, else there is.
enum soft_dice_status soft_dice_watch_occupied_affine_u8(struct soft_dice_watch *watch,
                                                         uint8_t anything);

// The open frame is complete: says in `event` whether the state has changed.
enum soft_dice_status soft_dice_watch_finish_affine_u8(struct soft_dice_watch *watch,
                                                       struct soft_dice_event *event);

// The sums of the last frame with its own mask, exactly.
enum soft_dice_status soft_dice_watch_sums_affine_u8(const struct soft_dice_watch *watch,
                                                     struct soft_dice_sums *sums);

// Begins a watch of maps as `map` describes them: its pixels and what they denote; `map->data` is not read and may be
// null.
enum soft_dice_status soft_dice_watch_init_u16(struct soft_dice_watch *watch,
                                               const struct soft_dice_u16 *map,
                                               const struct soft_dice_watch_setup *setup);

// Takes a whole map, with the camera's picture of that moment or null, and says in `event` whether the state has
// changed. A map that is refused does not count: call `soft_dice_watch_dropped` if it should.
enum soft_dice_status soft_dice_watch_frame_u16(struct soft_dice_watch *watch,
                                                const struct soft_dice_u16 *map,
                                                const struct soft_dice_picture *picture,
                                                struct soft_dice_event *event);

// Begins a frame that comes in chunks. Of a `region` (a byte for each pixel of a map, not 0 inside; or null) it
// takes the pixels inside alone, and reads it until the frame is finished.
enum soft_dice_status soft_dice_watch_begin_u16(struct soft_dice_watch *watch,
                                                const uint8_t *region,
                                                size_t region_bytes);

// Takes the map's next pixels.
enum soft_dice_status soft_dice_watch_chunk_u16(struct soft_dice_watch *watch,
                                                const struct soft_dice_u16 *map);

// Takes the picture's next row, as the camera writes it: behind the map's row that it belongs to.
enum soft_dice_status soft_dice_watch_row_u16(struct soft_dice_watch *watch,
                                              const uint8_t *bytes,
                                              size_t row_bytes);

// What something else knows of the open frame's scene (a light barrier, another model): 0 if there is nothing to
// see, else there is.
enum soft_dice_status soft_dice_watch_occupied_u16(struct soft_dice_watch *watch,
                                                   uint8_t anything);

// The open frame is complete: says in `event` whether the state has changed.
enum soft_dice_status soft_dice_watch_finish_u16(struct soft_dice_watch *watch,
                                                 struct soft_dice_event *event);

// The sums of the last frame with its own mask, exactly.
enum soft_dice_status soft_dice_watch_sums_u16(const struct soft_dice_watch *watch,
                                               struct soft_dice_sums *sums);

// Begins a watch of maps as `map` describes them: its pixels and what they denote; `map->data` is not read and may be
// null.
enum soft_dice_status soft_dice_watch_init_q15(struct soft_dice_watch *watch,
                                               const struct soft_dice_q15 *map,
                                               const struct soft_dice_watch_setup *setup);

// Takes a whole map, with the camera's picture of that moment or null, and says in `event` whether the state has
// changed. A map that is refused does not count: call `soft_dice_watch_dropped` if it should.
enum soft_dice_status soft_dice_watch_frame_q15(struct soft_dice_watch *watch,
                                                const struct soft_dice_q15 *map,
                                                const struct soft_dice_picture *picture,
                                                struct soft_dice_event *event);

// Begins a frame that comes in chunks. Of a `region` (a byte for each pixel of a map, not 0 inside; or null) it
// takes the pixels inside alone, and reads it until the frame is finished.
enum soft_dice_status soft_dice_watch_begin_q15(struct soft_dice_watch *watch,
                                                const uint8_t *region,
                                                size_t region_bytes);

// Takes the map's next pixels.
enum soft_dice_status soft_dice_watch_chunk_q15(struct soft_dice_watch *watch,
                                                const struct soft_dice_q15 *map);

// Takes the picture's next row, as the camera writes it: behind the map's row that it belongs to.
enum soft_dice_status soft_dice_watch_row_q15(struct soft_dice_watch *watch,
                                              const uint8_t *bytes,
                                              size_t row_bytes);

// What something else knows of the open frame's scene (a light barrier, another model): 0 if there is nothing to
// see, else there is.
enum soft_dice_status soft_dice_watch_occupied_q15(struct soft_dice_watch *watch,
                                                   uint8_t anything);

// The open frame is complete: says in `event` whether the state has changed.
enum soft_dice_status soft_dice_watch_finish_q15(struct soft_dice_watch *watch,
                                                 struct soft_dice_event *event);

// The sums of the last frame with its own mask, exactly.
enum soft_dice_status soft_dice_watch_sums_q15(const struct soft_dice_watch *watch,
                                               struct soft_dice_sums *sums);

// Begins a watch of maps as `map` describes them: its pixels and what they denote; `map->data` is not read and may be
// null.
enum soft_dice_status soft_dice_watch_init_f32(struct soft_dice_watch *watch,
                                               const struct soft_dice_f32 *map,
                                               const struct soft_dice_watch_setup *setup);

// Takes a whole map, with the camera's picture of that moment or null, and says in `event` whether the state has
// changed. A map that is refused does not count: call `soft_dice_watch_dropped` if it should.
enum soft_dice_status soft_dice_watch_frame_f32(struct soft_dice_watch *watch,
                                                const struct soft_dice_f32 *map,
                                                const struct soft_dice_picture *picture,
                                                struct soft_dice_event *event);

// Begins a frame that comes in chunks. Of a `region` (a byte for each pixel of a map, not 0 inside; or null) it
// takes the pixels inside alone, and reads it until the frame is finished.
enum soft_dice_status soft_dice_watch_begin_f32(struct soft_dice_watch *watch,
                                                const uint8_t *region,
                                                size_t region_bytes);

// Takes the map's next pixels.
enum soft_dice_status soft_dice_watch_chunk_f32(struct soft_dice_watch *watch,
                                                const struct soft_dice_f32 *map);

// Takes the picture's next row, as the camera writes it: behind the map's row that it belongs to.
enum soft_dice_status soft_dice_watch_row_f32(struct soft_dice_watch *watch,
                                              const uint8_t *bytes,
                                              size_t row_bytes);

// What something else knows of the open frame's scene (a light barrier, another model): 0 if there is nothing to
// see, else there is.
enum soft_dice_status soft_dice_watch_occupied_f32(struct soft_dice_watch *watch,
                                                   uint8_t anything);

// The open frame is complete: says in `event` whether the state has changed.
enum soft_dice_status soft_dice_watch_finish_f32(struct soft_dice_watch *watch,
                                                 struct soft_dice_event *event);

// The sums of the last frame with its own mask, exactly.
enum soft_dice_status soft_dice_watch_sums_f32(const struct soft_dice_watch *watch,
                                               struct soft_dice_sums *sums);

// The library was compiled for structs of these sizes. A compiler that lays them out otherwise, for an option that packs
// structs or shortens enums, stops here.
#if defined(__cplusplus)
#define SOFT_DICE_LAYOUT(name, size) static_assert(sizeof(name) == (size), "another layout than the library's")
#elif defined(__STDC_VERSION__) && (__STDC_VERSION__ >= 201112L)
#define SOFT_DICE_LAYOUT(name, size) _Static_assert(sizeof(name) == (size), "another layout than the library's")
#else
#define SOFT_DICE_LAYOUT(name, size) typedef char name##_has_another_layout[(sizeof(name) == (size)) ? 1 : -1]
#endif

SOFT_DICE_LAYOUT(soft_dice_status, 4u);
SOFT_DICE_LAYOUT(soft_dice_affine, 12u);
SOFT_DICE_LAYOUT(soft_dice_affine_u8, (sizeof(void *) == 4u) ? 20u : 32u);
SOFT_DICE_LAYOUT(soft_dice_average, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_best, 48u);
SOFT_DICE_LAYOUT(soft_dice_bits, (sizeof(void *) == 4u) ? 16u : 32u);
SOFT_DICE_LAYOUT(soft_dice_camera, (sizeof(void *) == 4u) ? 8u : 16u);
SOFT_DICE_LAYOUT(soft_dice_channels, (sizeof(void *) == 4u) ? 16u : 32u);
SOFT_DICE_LAYOUT(soft_dice_drift, 4u);
SOFT_DICE_LAYOUT(soft_dice_event, 12u);
SOFT_DICE_LAYOUT(soft_dice_f16, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_f32, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_f32fine, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_frame, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_generalised, 24u);
SOFT_DICE_LAYOUT(soft_dice_histogram, 2080u);
SOFT_DICE_LAYOUT(soft_dice_i8, (sizeof(void *) == 4u) ? 20u : 32u);
SOFT_DICE_LAYOUT(soft_dice_labels, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_learnt, 32u);
SOFT_DICE_LAYOUT(soft_dice_level, 6u);
SOFT_DICE_LAYOUT(soft_dice_logits_f32, (sizeof(void *) == 4u) ? 8u : 16u);
SOFT_DICE_LAYOUT(soft_dice_logits_i8, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_logits_u8, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_mask, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_mask01, (sizeof(void *) == 4u) ? 8u : 16u);
SOFT_DICE_LAYOUT(soft_dice_mask255, (sizeof(void *) == 4u) ? 8u : 16u);
SOFT_DICE_LAYOUT(soft_dice_mean, 12u);
SOFT_DICE_LAYOUT(soft_dice_outlined, 32u);
SOFT_DICE_LAYOUT(soft_dice_own, 8u);
SOFT_DICE_LAYOUT(soft_dice_picture, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_q15, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_region, (sizeof(void *) == 4u) ? 16u : 32u);
SOFT_DICE_LAYOUT(soft_dice_report, 44u);
SOFT_DICE_LAYOUT(soft_dice_rows, (sizeof(void *) == 4u) ? 24u : 48u);
SOFT_DICE_LAYOUT(soft_dice_score, 40u);
SOFT_DICE_LAYOUT(soft_dice_settings, 76u);
SOFT_DICE_LAYOUT(soft_dice_sigmoid, 1032u);
SOFT_DICE_LAYOUT(soft_dice_signal_status, 12u);
SOFT_DICE_LAYOUT(soft_dice_softmax, 1032u);
SOFT_DICE_LAYOUT(soft_dice_sums, 176u);
SOFT_DICE_LAYOUT(soft_dice_tiles, (sizeof(void *) == 4u) ? 32u : 64u);
SOFT_DICE_LAYOUT(soft_dice_u128, 16u);
SOFT_DICE_LAYOUT(soft_dice_u16, (sizeof(void *) == 4u) ? 12u : 24u);
SOFT_DICE_LAYOUT(soft_dice_u8, (sizeof(void *) == 4u) ? 8u : 16u);
SOFT_DICE_LAYOUT(soft_dice_unit, 8u);
SOFT_DICE_LAYOUT(soft_dice_watch, (sizeof(void *) == 4u) ? 1480u : 1672u);
SOFT_DICE_LAYOUT(soft_dice_watch_setup, (sizeof(void *) == 4u) ? 32u : 64u);
SOFT_DICE_LAYOUT(soft_dice_watched, 14u);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SOFT_DICE_H */
