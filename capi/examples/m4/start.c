/* What a Cortex-M4F needs before main: data in RAM, the FPU on, and newlib's semihosting opened. A fault ends the run. */
#include <stdint.h>
#include <stdlib.h>

extern uint32_t data_begin[], data_end[], data_stored[], bss_begin[], bss_end[], stack_top[];
extern void initialise_monitor_handles(void);
extern int main(void);

void reset(void);
void _init(void);
void _fini(void);

/* newlib's exit calls them; there is nothing for them to do. */
void _init(void) {}
void _fini(void) {}

void reset(void) {
    /* CPACR: full access to the FPU. */
    *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
    for (uint32_t *to = data_begin, *from = data_stored; to < data_end;) {
        *to++ = *from++;
    }
    for (uint32_t *to = bss_begin; to < bss_end;) {
        *to++ = 0;
    }
    initialise_monitor_handles();
    exit(main());
}

static void fault(void) {
    exit(123);
}

__attribute__((section(".vectors"), used)) static const struct {
    const void *stack;
    void (*handlers[6])(void);
} vectors = {stack_top, {reset, fault, fault, fault, fault, fault}};
