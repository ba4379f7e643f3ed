/* Two archives of Rust code in one image: soft-dice and another, each with a panic handler. */
#include <stdio.h>

#include "soft_dice.h"

uint32_t other_number(size_t at);

int main(void) {
    static const int8_t scores[4] = {127, 127, -128, -128};
    static const uint8_t mask[4] = {1, 1, 0, 0};
    soft_dice_sums frame = SOFT_DICE_SUMS_INIT;
    const soft_dice_status status = soft_dice_add_i8_mask(&frame, scores, mask, 4);
    printf("two archives: %lu, %lu pixels\n", (unsigned long)other_number(2), (unsigned long)frame.count);
    return status == SOFT_DICE_OK && other_number(2) == 4 && frame.count == 4 ? 0 : 1;
}
