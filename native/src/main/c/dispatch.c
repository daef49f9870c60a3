/* The exported functions: each calls the chosen tier's. */
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include "tier.h"

#include <stddef.h>
#include <sys/mman.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

static const struct ipk_kernels *active = &ipk_kernels_baseline;

#define IPK_FORWARD(result, name, parameters, arguments)                                                               \
    result name parameters { return active->name arguments; }
IPK_FUNCTIONS(IPK_FORWARD)

const char *ipk_signatures(void) {
#define IPK_CONTROL_LINE(result, name, parameters) #result " " #name #parameters "\n"
#define IPK_LINE(result, name, parameters, arguments) #result " " #name #parameters "\n"
    return IPK_CONTROLS(IPK_CONTROL_LINE) IPK_FUNCTIONS(IPK_LINE);
}

const char *ipk_tier_name(int32_t tier) {
    static const char *const names[] = {"baseline", "avx2", "avx512", "avx512_vnni", "avx512_bf16", "amx"};
    return tier < 0 || tier > IPK_AMX ? NULL : names[tier];
}

#if defined(__x86_64__)

static uint64_t enabled_state(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 27))) {
        return 0;
    }
    __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    return (uint64_t)d << 32 | a;
}

/* Linux saves the tile registers only for processes that have asked for it. */
static int may_use_tiles(void) {
#if defined(__linux__) && defined(SYS_arch_prctl)
    enum { ARCH_REQ_XCOMP_PERM = 0x1023, TILE_DATA = 18 };
    return syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, TILE_DATA) == 0;
#else
    return 0;
#endif
}

static int32_t cpu_tier(int32_t max_tier) {
    uint32_t a, b, c, d;
    uint64_t state = enabled_state();
    if ((state & 6) != 6 || !__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 12)) || !__get_cpuid_count(7, 0, &a, &b, &c, &d)
        || !(b & (1u << 5)) || max_tier < IPK_AVX2) {
        return IPK_BASELINE;
    }
    uint32_t amx = d;
    uint32_t vnni = c & (1u << 11);
    uint32_t avx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31; /* F, DQ, BW, VL */
    if ((state & 0xe6) != 0xe6 || (b & avx512) != avx512 || max_tier < IPK_AVX512) {
        return IPK_AVX2;
    }
    if (max_tier < IPK_AVX512_VNNI || !vnni) {
        return IPK_AVX512;
    }
    if (max_tier < IPK_AVX512_BF16 || !__get_cpuid_count(7, 1, &a, &b, &c, &d) || !(a & (1u << 5))) {
        return IPK_AVX512_VNNI;
    }
    uint32_t tiles = 1u << 22 | 1u << 24 | 1u << 25; /* BF16, TILE, INT8 */
    if ((state & 0x60000) != 0x60000 || (amx & tiles) != tiles || max_tier < IPK_AMX || !may_use_tiles()) {
        return IPK_AVX512_BF16;
    }
    return IPK_AMX;
}

#else

static int32_t cpu_tier(int32_t max_tier) {
    (void)max_tier;
    return IPK_BASELINE;
}

#endif

int32_t ipk_init(int32_t max_tier) {
    int32_t tier = cpu_tier(max_tier);
#ifdef IPK_HAVE_AMX
    if (tier == IPK_AMX) {
        active = &ipk_kernels_amx;
        return tier;
    }
#endif
#ifdef IPK_HAVE_AVX512_BF16
    if (tier >= IPK_AVX512_BF16) {
        active = &ipk_kernels_avx512_bf16;
        return IPK_AVX512_BF16;
    }
#endif
#if defined(IPK_HAVE_AVX512) && defined(IPK_HAVE_AVX512_VNNI)
    if (tier >= IPK_AVX512_VNNI) {
        static struct ipk_kernels joined;
        joined = ipk_kernels_avx512;
#define IPK_JOIN(result, name, parameters, arguments) joined.name = ipk_kernels_avx512_vnni.name;
        IPK_INT8_FUNCTIONS(IPK_JOIN)
        active = &joined;
        return IPK_AVX512_VNNI;
    }
#endif
#ifdef IPK_HAVE_AVX512
    if (tier >= IPK_AVX512) {
        active = &ipk_kernels_avx512;
        return IPK_AVX512;
    }
#endif
#ifdef IPK_HAVE_AVX2
    if (tier >= IPK_AVX2) {
        active = &ipk_kernels_avx2;
        return IPK_AVX2;
    }
#endif
    active = &ipk_kernels_baseline;
    return IPK_BASELINE;
}

void *ipk_allocate(int64_t bytes) {
    void *memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return NULL;
    }
#if defined(MADV_HUGEPAGE)
    madvise(memory, (size_t)bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

void ipk_release(void *memory, int64_t bytes) {
    munmap(memory, (size_t)bytes);
}
