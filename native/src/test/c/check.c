#define _GNU_SOURCE
#include "check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAX_AREAS = 4096 };

static struct {
    void *start;
    size_t bytes;
} areas[MAX_AREAS];
static int num_areas;
static int failures;
static uint64_t state = 20261124;

void *guarded_bytes(int64_t bytes) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t inside = ((size_t)bytes + page - 1) / page * page;
    char *area = mmap(NULL, inside + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED || num_areas == MAX_AREAS) {
        puts("FAILED no memory for the tests");
        exit(2);
    }
    mprotect(area, page, PROT_NONE);
    mprotect(area + page + inside, page, PROT_NONE);
    areas[num_areas].start = area;
    areas[num_areas++].bytes = inside + 2 * page;
    return area + page + (inside - (size_t)bytes);
}

float *guarded(int64_t elements) {
    return guarded_bytes(elements * (int64_t)sizeof(float));
}

static float next_random(void) {
    float sum = 0;
    for (int i = 0; i < 4; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        sum += (float)(state >> 40) * 0x1p-24f - 0.5f;
    }
    return sum * 1.7f; /* variance about 1 */
}

float *guarded_random(int64_t elements, float scale) {
    float *memory = guarded(elements);
    for (int64_t i = 0; i < elements; i++) {
        memory[i] = next_random() * scale;
    }
    return memory;
}

void check(int holds, const char *what, ...) {
    if (!holds) {
        failures++;
        if (failures <= 20) {
            va_list arguments;
            va_start(arguments, what);
            printf("FAILED ");
            vprintf(what, arguments);
            putchar('\n');
            va_end(arguments);
        }
    }
}

void check_close(const char *what, const float *actual, const double *expected, int64_t elements, double tolerance) {
    for (int64_t i = 0; i < elements; i++) {
        if (!(fabs((double)actual[i] - expected[i]) <= tolerance)) {
            check(0, "%s[%lld] is %g, expected %g +- %g", what, (long long)i, (double)actual[i], expected[i], tolerance);
            return;
        }
    }
}

static void run(const char *name, const char *tier, void (*test)(void)) {
    failures = 0;
    test();
    if (failures == 0) {
        printf("ok %s, %s\n", name, tier);
    } else {
        printf("FAILED %s, %s: %d checks\n", name, tier, failures);
    }
    fflush(stdout);
    for (int i = 0; i < num_areas; i++) {
        munmap(areas[i].start, areas[i].bytes);
    }
    num_areas = 0;
}

int main(void) {
    int32_t best = ipk_init(IPK_AMX);
    for (int32_t tier = 0; tier <= best; tier++) {
        if (ipk_init(tier) == tier) {
#define IPK_RUN_TEST(name) run(#name, ipk_tier_name(tier), name);
            IPK_TESTS(IPK_RUN_TEST)
        }
    }
    return 0;
}
