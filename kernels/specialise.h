/* Which parts of the model a compiled kernel contains. Code of features outside ZEM_FEATURES_POSSIBLE is not compiled.
 * Features in ZEM_FEATURES_CERTAIN are compiled without a test. All others are branches on the cell, which all of its
 * trials take alike. Every specialisation gives the same bits. */
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
