/* Which parts of the model a compiled kernel contains. Code of features outside ZEM_FEATURES_POSSIBLE is not compiled.
 * Features in ZEM_FEATURES_CERTAIN are compiled without a test. All others are branches on the cell, which all of its
 * trials take alike. Every specialisation gives the same bits. */
#ifndef ZEM_SPECIALISE_H
#define ZEM_SPECIALISE_H

#ifndef ZEM_FEATURES_POSSIBLE
#define ZEM_FEATURES_POSSIBLE (~(feature_set)0)
#endif
#ifndef ZEM_FEATURES_CERTAIN
#define ZEM_FEATURES_CERTAIN ((feature_set)0)
#endif

#define HAS(cell, feature) \
    ((((feature_set)(ZEM_FEATURES_CERTAIN) & (feature)) != 0u) \
     || (((feature_set)(ZEM_FEATURES_POSSIBLE) & (feature)) != 0u && ((cell)->features & (feature)) != 0u))

/* Number of autopilot stages of a cell; ZEM_STAGES fixes it at compile time. */
#ifdef ZEM_STAGES
#define STAGES(cell) ((u32)ZEM_STAGES)
#else
#define STAGES(cell) ((cell)->stages)
#endif

#endif
