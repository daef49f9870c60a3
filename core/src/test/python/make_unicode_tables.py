"""Asks Hugging Face `tokenizers` how it classifies and maps every code point and writes the answer as one table.

The library carries several Unicode tables of different versions (Rust's own, unicode-categories,
unicode-normalization-alignments, regex-syntax, Oniguruma); all of them differ from those of a JDK. The table makes
the Java tokenizers independent of both.

Usage: python make_unicode_tables.py ../../main/resources/org/infoprompt/text/unicode-tables.txt
Made with Python 3.11, tokenizers 0.23.2.

Format: a line `# comment`, or `@name` to open a section, then
  range sections: hexadecimal `first-last` or `first`, separated by spaces;
  map sections: `code=target,target` separated by spaces; `ccc` has `first-last=class`.
Hangul syllables are left out of the decompositions: they are arithmetic.
"""

import sys
import unicodedata

import tokenizers
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

ALL = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
HANGUL = range(0xAC00, 0xAC00 + 11172)


def ranges(codes):
    out = []
    for c in sorted(codes):
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return [f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in out]


def mapping(table):
    return [f"{c:X}=" + ",".join(f"{t:X}" for t in table[c]) for c in sorted(table)]


def mapped(normalizer):
    table = {}
    for c in ALL:
        got = normalizer.normalize_str(chr(c))
        if got != chr(c):
            table[c] = [ord(t) for t in got]
    return table


def pieces(pre_tokenizer, text):
    return len(pre_tokenizer.pre_tokenize_str(text))


def bert(**on):
    flags = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**flags, **on})


def chinese():
    n = bert(handle_chinese_chars=True)
    return {c for c in ALL if n.normalize_str(chr(c)) != chr(c)}


def word_characters():
    """`\\w` of the regex crate: an added token with single_word is not found beside a word character."""
    t = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    t.add_tokens([AddedToken("<X>", single_word=True, normalized=False)])
    x = t.token_to_id("<X>")
    return {c for c in ALL if x not in t.encode("<X>" + chr(c)).ids}


def stripped_spaces():
    """`\\s` of the regex crate: an added token with rstrip swallows it."""
    t = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    t.add_tokens([AddedToken("<X>", rstrip=True, normalized=False)])
    return {c for c in ALL if len(t.encode("<X>" + chr(c)).ids) == 1}


def combining_classes(nfd):
    swaps = lambda a, b: nfd.normalize_str("a" + a + b) == "a" + b + a
    low, high = "\u0334", "\u0345"
    representatives = {1: low, 240: high}
    for c in ALL:
        k = unicodedata.combining(chr(c))
        if k and k not in representatives and swaps(chr(c), low):  # else assigned after the library's tables
            representatives[k] = chr(c)
    out = {}
    for c in ALL:
        x = chr(c)
        if c in HANGUL or nfd.normalize_str(x) != x:
            continue
        if not (x == low or x == high or swaps(x, low) or swaps(high, x)):
            # Class 1 itself, or 240, or none: an equal class never swaps, but a lower or higher one does.
            if not (swaps(representatives[230], x) or swaps(x, representatives[230])):
                continue
        below = [k for k, r in sorted(representatives.items()) if r != x and swaps(x, r)]
        above = [k for k, r in sorted(representatives.items()) if r != x and swaps(r, x)]
        left = [k for k in representatives if (not below or k > max(below)) and (not above or k < min(above))]
        assert len(left) == 1, (hex(c), below, above, left)
        out[c] = left[0]
    runs = []
    for c in sorted(out):
        if runs and runs[-1][1] == c - 1 and runs[-1][2] == out[c]:
            runs[-1][1] = c
        else:
            runs.append([c, c, out[c]])
    return [f"{a:X}={k}" if a == b else f"{a:X}-{b:X}={k}" for a, b, k in runs]


def main(target):
    sections = {}
    clean = bert(clean_text=True)
    cleaned = mapped(clean)
    sections["bert-removed"] = ranges(c for c, t in cleaned.items() if not t)
    sections["bert-blanked"] = ranges(c for c, t in cleaned.items() if t)
    assert all(t in ([], [0x20]) for t in cleaned.values())
    sections["bert-chinese"] = ranges(chinese())
    nfd, nfkd, nfc, nfkc = normalizers.NFD(), normalizers.NFKD(), normalizers.NFC(), normalizers.NFKC()
    canonical = {c: t for c, t in mapped(nfd).items() if c not in HANGUL}
    compatible = {c: t for c, t in mapped(nfkd).items() if c not in HANGUL and t != canonical.get(c)}
    accents = bert(strip_accents=True)
    sections["bert-accent"] = ranges(c for c in ALL if c not in canonical and not accents.normalize_str(chr(c)))
    strip = normalizers.StripAccents()
    sections["combining-mark"] = ranges(c for c in ALL if not strip.normalize_str(chr(c)))
    b = pre_tokenizers.BertPreTokenizer()
    sections["white-space"] = ranges(c for c in ALL if pieces(b, chr(c)) == 0)
    sections["punctuation"] = ranges(c for c in ALL if pieces(b, "a" + chr(c) + "a") == 3)
    ws, pu, ww = pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(), pre_tokenizers.Whitespace()
    assert sections["white-space"] == ranges(c for c in ALL if pieces(ws, chr(c)) == 0)
    assert sections["punctuation"] == ranges(c for c in ALL if pieces(pu, "a" + chr(c) + "a") == 3)
    assert sections["white-space"] == ranges(c for c in ALL if pieces(ww, chr(c)) == 0)
    assert sections["white-space"] == ranges(stripped_spaces())
    sections["word"] = ranges(word_characters())
    assert sections["word"] == ranges(c for c in ALL if pieces(ww, "a" + chr(c)) == 1 and pieces(ww, chr(c)) == 1)
    digits = pre_tokenizers.Digits(individual_digits=False)
    sections["numeric"] = ranges(c for c in ALL if pieces(digits, "a" + chr(c)) == 2)
    level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    letters = {c for c in ALL if pieces(level, "a" + chr(c)) == 1}
    numbers = {c for c in ALL if pieces(level, "1" + chr(c)) == 1}
    others = {c for c in ALL if pieces(level, "!" + chr(c)) == 1}
    assert not letters & numbers and not letters & others and not numbers & others
    sections["letter"] = ranges(letters)
    sections["number"] = ranges(numbers)
    assert sections["white-space"] == ranges(set(ALL) - letters - numbers - others)
    sections["ccc"] = combining_classes(nfd)
    low = mapped(normalizers.Lowercase())
    bert_low = mapped(bert(lowercase=True))
    assert low == bert_low
    sections["lowercase"] = mapping(low)
    sections["canonical"] = mapping(canonical)
    sections["compatible"] = mapping(compatible)
    composed = {}
    for c in canonical:
        step = [int(h, 16) for h in unicodedata.decomposition(chr(c)).split()]
        if len(step) == 2 and nfc.normalize_str(chr(c)) == chr(c):
            composed[c] = step
            assert nfc.normalize_str("".join(map(chr, step))) == chr(c), hex(c)
    sections["composed"] = mapping(composed)
    with open(target, "w", encoding="ascii", newline="\n") as out:
        out.write("# Unicode as Hugging Face tokenizers " + tokenizers.__version__ + " sees it; made by")
        out.write(" core/src/test/python/make_unicode_tables.py\n")
        for name, items in sections.items():
            out.write("@" + name + "\n")
            line = ""
            for item in items:
                if len(line) + len(item) > 118:
                    out.write(line + "\n")
                    line = ""
                line += (" " if line else "") + item
            out.write(line + "\n")
            print(name, len(items))


main(sys.argv[1])
