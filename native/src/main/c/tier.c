/*
 * All kernels of one tier in one translation unit. The build compiles this file once for each tier, with the tier's
 * compiler flags and with IPK_TIER naming it. A kernel NAME of the header is defined here as static IPK_KERNEL(NAME).
 *
 * AVX-512 with VNNI alone differs from AVX-512 in the int8 products only; the dispatcher takes all others from there.
 */
#include "tier.h"

#define IPK_KERNEL(name) name##_tier

#include "simd.h"
#include "vmath.h"

#include "kernels/linear_int8.c"

#define IPK_PASTE(a, b) a##b
#define IPK_TABLE_OF(tier) IPK_PASTE(ipk_kernels_, tier)
#define IPK_ENTRY(result, name, parameters, arguments) .name = IPK_KERNEL(name),

/* By the tier's name: options of the compiler's caller may add features to all tiers. */
#define IPK_ONLY_avx512_vnni 1
#define IPK_ONLY_OF(tier) IPK_PASTE(IPK_ONLY_, tier)
#if IPK_ONLY_OF(IPK_TIER)

const struct ipk_int8_kernels IPK_TABLE_OF(IPK_TIER) = {IPK_INT8_FUNCTIONS(IPK_ENTRY)};

#else

#include "kernels/activation.c"
#include "kernels/attention.c"
#include "kernels/information.c"
#include "kernels/linear.c"
#if defined(__AMX_BF16__)
#include "kernels/linear_amx.c"
#endif
#include "kernels/loss.c"
#include "kernels/norm.c"
#include "kernels/optimizer.c"
#include "kernels/rows.c"

const struct ipk_kernels IPK_TABLE_OF(IPK_TIER) = {IPK_FUNCTIONS(IPK_ENTRY)};

#endif
