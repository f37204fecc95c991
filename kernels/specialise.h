/* Which parts of the model a compiled kernel contains. ZEM_FEATURES_POSSIBLE has the features a cell may have: code of
 * the others is not compiled. ZEM_FEATURES_CERTAIN has those that every cell has: they are not asked for. What is
 * neither impossible nor certain is a branch on the cell, uniform over its trials. All specialisations give the same
 * bits. */
#ifndef ZEM_SPECIALISE_H
#define ZEM_SPECIALISE_H

#ifndef ZEM_FEATURES_POSSIBLE
#define ZEM_FEATURES_POSSIBLE 0xFFFFFFFFu
#endif
#ifndef ZEM_FEATURES_CERTAIN
#define ZEM_FEATURES_CERTAIN 0u
#endif

#define HAS(cell, feature) \
    ((((u32)(ZEM_FEATURES_CERTAIN) & (u32)(feature)) != 0u) \
     || (((u32)(ZEM_FEATURES_POSSIBLE) & (u32)(feature)) != 0u && ((cell)->features & (u32)(feature)) != 0u))

/* Number of autopilot stages of a cell; ZEM_STAGES fixes it at compile time. */
#ifdef ZEM_STAGES
#define STAGES(cell) ((u32)ZEM_STAGES)
#else
#define STAGES(cell) ((cell)->stages)
#endif

#endif
