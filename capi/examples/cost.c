/* What the short way costs: firmware that is otherwise the same without its calls (CALLS 0) and with them (1), and the instructions
   of a call that has no pixel (2), counted by the core's timer. */
#include <stdio.h>

#include "soft_dice.h"

#define PIXELS 64

extern int8_t map[PIXELS];
extern uint8_t mask[PIXELS];
extern volatile int32_t result;

int8_t map[PIXELS];
uint8_t mask[PIXELS];
volatile int32_t result;

int main(void) {
#if CALLS == 1
    soft_dice_sums frame = SOFT_DICE_SUMS_INIT;
    int32_t q15 = 0;
    if (soft_dice_add_i8_mask(&frame, map, mask, PIXELS) == SOFT_DICE_OK && soft_dice_dice_q15(&frame, &q15) == SOFT_DICE_OK) {
        result = q15;
    }
#elif CALLS == 2
    static soft_dice_sums frame;
    volatile uint32_t *const control = (volatile uint32_t *)0xE000E010u, *const reload = (volatile uint32_t *)0xE000E014u;
    volatile uint32_t *const now = (volatile uint32_t *)0xE000E018u;
    *reload = 0xFFFFFFu;
    *now = 0u;
    *control = 5u;
    if (soft_dice_add_i8_mask(&frame, map, mask, PIXELS) != SOFT_DICE_OK) {
        return 1;
    }
    const uint32_t begin = *now;
    const soft_dice_status status = soft_dice_add_i8_mask(&frame, map, mask, 0);
    const uint32_t end = *now, empty_begin = *now, empty_end = *now;
    if (status != SOFT_DICE_OK) {
        return 1;
    }
    printf("%lu\n", (unsigned long)(((begin - end) - (empty_begin - empty_end)) * 40u / 128u));
#endif
    result = map[3] + mask[4];
    return 0;
}
