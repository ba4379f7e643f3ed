/* The soft Dice of a frame that arrives in two halves, as DMA fills them. */
#include <stdio.h>

#include "soft_dice.h"

#define PIXELS 8u

int main(void) {
    static const int8_t network[PIXELS] = {-128, -128, 12, 90, 127, 127, 100, -60};
    static const uint8_t truth[PIXELS] = {0, 0, 0, 1, 1, 1, 1, 0};

    soft_dice_sums frame = SOFT_DICE_SUMS_INIT;
    for (size_t at = 0; at < PIXELS; at += PIXELS / 2u) {
        const soft_dice_status status = soft_dice_add_i8_mask(&frame, network + at, truth + at, PIXELS / 2u);
        if (status != SOFT_DICE_OK) {
            printf("%s\n", soft_dice_text(status));
            return 1;
        }
    }

    int32_t q15 = 0;
    if (soft_dice_dice_q15(&frame, &q15) != SOFT_DICE_OK) {
        return 1;
    }
    printf("dice %ld of 32768, %lu pixels\n", (long)q15, (unsigned long)frame.count);
    return 0;
}
