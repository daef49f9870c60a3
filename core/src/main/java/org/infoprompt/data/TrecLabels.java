package org.infoprompt.data;

import java.util.List;

/** The question classes of Li and Roth, Learning Question Classifiers, COLING 2002, table 1, as the files write them. */
final class TrecLabels {
    static final List<String> COARSE = List.of("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM");

    /** The words behind the abbreviations, in the same order. */
    static final List<String> COARSE_NAMES =
            List.of("abbreviation", "description", "entity", "human", "location", "number");

    static final List<String> FINE = List.of(
            "ABBR:abb",
            "ABBR:exp",
            "DESC:def",
            "DESC:desc",
            "DESC:manner",
            "DESC:reason",
            "ENTY:animal",
            "ENTY:body",
            "ENTY:color",
            "ENTY:cremat",
            "ENTY:currency",
            "ENTY:dismed",
            "ENTY:event",
            "ENTY:food",
            "ENTY:instru",
            "ENTY:lang",
            "ENTY:letter",
            "ENTY:other",
            "ENTY:plant",
            "ENTY:product",
            "ENTY:religion",
            "ENTY:sport",
            "ENTY:substance",
            "ENTY:symbol",
            "ENTY:techmeth",
            "ENTY:termeq",
            "ENTY:veh",
            "ENTY:word",
            "HUM:desc",
            "HUM:gr",
            "HUM:ind",
            "HUM:title",
            "LOC:city",
            "LOC:country",
            "LOC:mount",
            "LOC:other",
            "LOC:state",
            "NUM:code",
            "NUM:count",
            "NUM:date",
            "NUM:dist",
            "NUM:money",
            "NUM:ord",
            "NUM:other",
            "NUM:perc",
            "NUM:period",
            "NUM:speed",
            "NUM:temp",
            "NUM:volsize",
            "NUM:weight");

    private TrecLabels() {}
}
