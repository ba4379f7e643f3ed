/* A watch on the output of a network, in the field, where there is no reference: every change of state, as a device would
   log it. The network here is played: a disc with a soft, trembling edge, until it dies and writes 0.3 everywhere. */
#include <stdio.h>

#include "soft_dice.h"

#define SIDE 32
#define PIXELS (SIDE * SIDE)

static int8_t output[PIXELS];
static uint8_t last[PIXELS];
static soft_dice_watch watch;

static void network(int frame) {
    for (int at = 0; at < PIXELS; at++) {
        const int x = (at % SIDE) - (SIDE / 2);
        const int y = (at / SIDE) - (SIDE / 2);
        int code = (8 * (100 - (x * x) - (y * y))) + (((at * 7) + (frame * 3)) % 5);
        code = (code > 127) ? 127 : code;
        code = (code < -128) ? -128 : code;
        output[at] = (int8_t)((frame < 16) ? code : -51);
    }
}

int main(void) {
    const soft_dice_i8 map = SOFT_DICE_I8_INIT(output, PIXELS, SOFT_DICE_TFLITE_I8);
    const soft_dice_watch_setup setup = SOFT_DICE_WATCH_SETUP_INIT(last, PIXELS);
    soft_dice_status status = soft_dice_watch_init_i8(&watch, &map, &setup);

    for (int frame = 0; (status == SOFT_DICE_OK) && (frame < 20); frame++) {
        soft_dice_event event;
        network(frame);
        status = soft_dice_watch_frame_i8(&watch, &map, NULL, &event);
        if ((status == SOFT_DICE_OK) && (event.changed != 0u)) {
            printf("frame %lu: %s -> %s, %s\n", (unsigned long)event.frame, soft_dice_state_text(event.from),
                   soft_dice_state_text(event.to), soft_dice_cause_text(event.cause));
        }
    }
    if (status != SOFT_DICE_OK) {
        printf("%s\n", soft_dice_text(status));
        return 1;
    }
    return 0;
}
