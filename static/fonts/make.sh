#!/bin/sh
# Makes the fonts of this folder from the distribution's packages fonts-inter, fonts-jetbrains-mono and fonts-noto-cjk, with
# pyftsubset (package fonttools). Run it again when the word catalogues use new characters: a test asserts that none is missing.
set -eu
cd "$(dirname "$0")"

inter=/usr/share/fonts/opentype/inter
jetbrains=/usr/share/fonts/truetype/jetbrains-mono
noto=/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
simplified=2 # the face of the collection that draws characters as mainland China does

# Letters of Western Europe, punctuation, arrows and the few signs that protocols and keys are written with.
latin=U+20-7E,U+A0-FF,U+131,U+152-153,U+394,U+3B1-3B2,U+3BC,U+3C3,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032-2033
signs=U+2039-203A,U+20AC,U+2190-2199,U+21B5,U+21C4,U+21E7,U+2212,U+221A,U+221E,U+2248,U+2260,U+2264-2265,U+2318,U+2325,U+23CE,U+2713,U+2717
boxes=U+2500-2503,U+250C,U+2510,U+2514,U+2518,U+251C,U+2524,U+252C,U+2534,U+253C,U+256D-2570,U+2574-2577,U+2581-2588,U+25A0-25A1,U+25B2,U+25B6,U+25BC,U+25C0,U+25CF

# Letters are set without features, but for the kerning of Inter, whose figures become its tabular ones for good. JetBrains Mono
# loses its ligatures: "->" is what the wire says, not an arrow.
tabular() { # out, font
	"$(sed -n '1s/^#! *//p' "$(command -v pyftsubset)")" - "$1" "$2" <<'PYTHON'
import sys
from fontTools.ttLib import TTFont
out, font = sys.argv[1], TTFont(sys.argv[2], recalcTimestamp=False)
gsub = font["GSUB"].table
wide = {}
for record in gsub.FeatureList.FeatureRecord:
    if record.FeatureTag == "tnum":
        for index in record.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[index].SubTable:
                wide.update(getattr(table, "ExtSubTable", table).mapping)
for table in font["cmap"].tables:
    if table.isUnicode():
        table.cmap = {rune: wide.get(name, name) for rune, name in table.cmap.items()}
del font["GSUB"]
font.save(out)
PYTHON
}

subset() { # out, font, unicodes, features, more options
	out=$1 font=$2 unicodes=$3 features=$4
	shift 4
	pyftsubset "$font" --output-file="$out" --unicodes="$unicodes" --layout-features="$features" --no-hinting \
		--name-IDs=0,1,2,5,13,14 --drop-tables+=DSIG,BASE,vhea,vmtx,VORG "$@"
}

words=$(mktemp)
trap 'rm -f "$words"*' EXIT
tabular "$words.otf" "$inter/Inter-Regular.otf"
subset inter-regular.otf "$words.otf" "$latin,$signs" kern
tabular "$words.otf" "$inter/Inter-SemiBold.otf"
subset inter-semibold.otf "$words.otf" "$latin,$signs" kern
subset jetbrains-mono-regular.ttf "$jetbrains/JetBrainsMono-Regular.ttf" "$latin,$signs,$boxes" ''
subset jetbrains-mono-bold.ttf "$jetbrains/JetBrainsMono-Bold.ttf" "$latin,$signs,$boxes" ''

# The small Chinese face: the characters of the catalogues, of common.txt, and full-width punctuation.
cat ../words/*.txt common.txt >"$words" 2>/dev/null || cat common.txt >"$words"
cjk=U+3000-3002,U+3008-3011,U+3014-3015,U+FF01-FF0F,U+FF1A-FF20,U+FF3B-FF3D,U+FF5B-FF5E,U+FFE5
python3 - "$words" >"$words.han" <<'PYTHON'
import sys
print("".join(sorted({c for c in open(sys.argv[1], encoding="utf-8").read() if ord(c) >= 0x2E80})))
PYTHON
subset notosans-sc.otf "$noto" "$cjk" '' --font-number=$simplified --text-file="$words.han"

# The full face: every character of GB 2312, fetched when a text needs it.
python3 - >"$words.han" <<'PYTHON'
print("".join(bytes((a, b)).decode("gb2312", "ignore") for a in range(0xA1, 0xF8) for b in range(0xA1, 0xFF)))
PYTHON
subset web/notosans-sc-gb2312.otf "$noto" "$cjk" '' --font-number=$simplified --text-file="$words.han"
wc -c -- *.otf *.ttf web/*
