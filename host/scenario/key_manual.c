/* Writes zem-scenario(5) from zem_key_table. Each key is an entry. Its head is the path of the key, and its text has
 * the meaning, unit, rule and default. The words of a choice follow with their meanings. */
#include "scenario/key_manual.h"

#include "base/roff_text.h"
#include "scenario/distribution.h"
#include "scenario/distribution_reader.h"
#include "scenario/example.h"
#include "scenario/key_reference.h"
#include "scenario/scenario.h"

#include <string.h>

static void write_key(FILE *stream, const struct zem_key_info *key)
{
    char head[96], text[512], rule[64];
    const char *value = key->kind == ZEM_CHOICE     ? "word"
                        : key->kind == ZEM_QUANTITY ? key->unit
                        : key->kind == ZEM_INTEGER  ? "integer"
                                                    : "number";
    const bool ruled = key->kind != ZEM_CHOICE && key->rule != ZEM_RULE_ANY;
    const enum zem_key index = (enum zem_key)(key - zem_key_table);
    const char *kinematics = zem_key_kinematics_text(index);
    const bool needed = key->default_text == NULL, always = strcmp(kinematics, "both") == 0;
    snprintf(head, sizeof head, "%s.%s", key->section, key->name);
    snprintf(text, sizeof text, "%s%s%s. %s%s%s%s%s%s", key->description, ruled ? "; " : "",
             ruled ? zem_key_rule_text(key, rule, sizeof rule) : "",
             needed                         ? "Required"
             : key->default_text[0] == '\0' ? "Absent by default"
                                            : "Default ",
             key->default_text ? key->default_text : "",
             always   ? ""
             : needed ? " in kinematics "
                      : "; for kinematics ",
             always ? "" : kinematics, zem_key_disperses(key) ? "; may vary per trial" : "",
             key->flags & ZEM_SWEEPS ? "; may be an axis." : ".");
    zem_roff_entry(stream, head, value, text);
    if (key->kind != ZEM_CHOICE)
        return;
    fputs(".RS\n", stream);
    for (unsigned i = 0; i < key->choice->count; i++)
        zem_roff_entry(stream, key->choice->row[i].word, NULL, key->choice->row[i].meaning);
    fputs(".RE\n", stream);
}

static void write_description(FILE *stream)
{
    char spacings[64], forms[320];
    zem_roff_section(stream, "DESCRIPTION");
    zem_roff_text(stream,
                  "A scenario is a YAML file. It begins with zem: 1, the version of the format. Dimensional values "
                  "carry a unit in UDUNITS-2 spelling, such as \"3 km/s\", \"6 gravity\" or \"-35 degree\". A value "
                  "that may vary per trial is a constant, an expression of other keys such as "
                  "\"=2*interceptor.autopilot_lag + 0.1 s\", or a distribution: ");
    zem_roff_words(stream, zem_distribution_forms_write(forms, sizeof forms));
    zem_roff_words(stream, ".\n");
    fputs(".PP\n", stream);
    zem_roff_text(stream, "Besides the keys below a scenario has title, description, references (a list of texts), "
                          "scoring.hit_radius (one length or a list, required), correlations (a list of groups "
                          "{keys: [ ], matrix: [ ]}) and sweep, a list of axes: {parameter: "
                          "section.key, from: , to: , points: , spacing: ");
    zem_roff_words(stream, zem_choice_words(&zem_axis_spacing_choice, " or ", spacings, sizeof spacings));
    zem_roff_words(stream, "} or {parameter: section.key, values: [ ]}. The first axis is the slowest.\n");
    fputs(".PP\n", stream);
    zem_roff_text(stream,
                  "zem check SCENARIO reports every mistake with its line, and lists the keys without effect.\n");
}

void zem_key_manual(FILE *stream)
{
    zem_roff_title(stream, "zem-scenario", 5);
    zem_roff_section(stream, "NAME");
    fputs("zem\\-scenario \\- scenario file of zem\n", stream);
    write_description(stream);
    for (int key = 0; key < ZEM_KEY_COUNT; key++) {
        if (key == 0 || strcmp(zem_key_table[key].section, zem_key_table[key - 1].section) != 0) {
            char heading[64];
            snprintf(heading, sizeof heading, "KEYS OF %s", zem_key_table[key].section);
            zem_roff_section(stream, heading);
        }
        write_key(stream, &zem_key_table[key]);
    }
    zem_roff_section(stream, "EXAMPLE");
    fputs(".nf\n", stream);
    zem_roff_text(stream, zem_example_find("first")->text);
    fputs(".fi\n", stream);
    zem_roff_section(stream, "SEE ALSO");
    fputs(".BR zem\\-check (1),\n.BR zem\\-new (1),\n.BR zem\\-run (1),\n.BR zem\\-result (5)\n", stream);
}
