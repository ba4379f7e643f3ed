/* Instructions of a call, its pixels included, by the core's timer: what capi/check.sh compares with the same call from Rust. The
   emulator gives every instruction 2^7 ns; CLOCK is the timer's, in Hz. */
#include <stdio.h>

#include "soft_dice.h"

#define PIXELS 4096u

static int8_t map[PIXELS] __attribute__((aligned(16)));
static uint8_t mask[PIXELS] __attribute__((aligned(16)));

int main(void) {
    static soft_dice_sums frame;
    volatile uint32_t *const control = (volatile uint32_t *)0xE000E010u, *const reload = (volatile uint32_t *)0xE000E014u;
    volatile uint32_t *const now = (volatile uint32_t *)0xE000E018u;
    for (uint32_t at = 0; at < PIXELS; at++) {
        map[at] = (int8_t)(at * 37u);
        mask[at] = (uint8_t)(at / 5u & 1u);
    }
    *reload = 0xFFFFFFu;
    *now = 0u;
    *control = 5u;
    if (soft_dice_add_i8_mask(&frame, map, mask, PIXELS) != SOFT_DICE_OK) {
        return 1;
    }
    const uint32_t begin = *now;
    const soft_dice_status status = soft_dice_add_i8_mask(&frame, map, mask, PIXELS);
    const uint32_t end = *now, empty_begin = *now, empty_end = *now;
    if (status != SOFT_DICE_OK) {
        return 1;
    }
    const uint64_t ticks = (begin - end) - (empty_begin - empty_end);
    printf("%lu\n", (unsigned long)((ticks * 7812500u + CLOCK / 2u) / CLOCK));
    return 0;
}
