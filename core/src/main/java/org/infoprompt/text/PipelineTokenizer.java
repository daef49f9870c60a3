package org.infoprompt.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Added tokens, normalizer, pre-tokenizer, model and template put together. */
final class PipelineTokenizer implements Tokenizer {
    /** Characters that a new scanner has room for; it grows with the first longer text. */
    private static final int TYPICAL_LENGTH = 256;

    private final AddedTokenFinder rawTokens;
    private final AddedTokenFinder normalizedTokens;
    private final Normalizer normalizer;
    private final PreTokenizer preTokenizer;
    private final SubwordModel model;
    private final Template template;
    private final SpecialTokens specialTokens;
    private final List<AddedToken> addedTokens;
    private final Map<String, Integer> addedIds;
    private final List<String> tokens;
    private final String sha256;

    PipelineTokenizer(
            List<AddedToken> addedTokens,
            Normalizer normalizer,
            PreTokenizer preTokenizer,
            SubwordModel model,
            Template template,
            SpecialTokens specialTokens) {
        UnicodeTable.load();
        this.addedTokens = List.copyOf(addedTokens);
        this.addedIds = addedTokens.stream().collect(Collectors.toMap(AddedToken::content, AddedToken::id));
        this.normalizer = normalizer;
        this.preTokenizer = preTokenizer;
        this.model = model;
        this.template = template;
        this.specialTokens = specialTokens;
        this.rawTokens = finder(false);
        this.normalizedTokens = finder(true);
        this.tokens = allTokens();
        this.sha256 = identity();
    }

    /** Of two tokens with one normalized form a special one wins, else the first; the library picks either at random. */
    private AddedTokenFinder finder(boolean normalized) {
        List<AddedToken> found = new ArrayList<>();
        for (AddedToken token : addedTokens) {
            if (token.normalized() == normalized && token.special()) {
                found.add(token);
            }
        }
        for (AddedToken token : addedTokens) {
            if (token.normalized() == normalized && !token.special()) {
                found.add(token);
            }
        }
        List<IntList> patterns = new ArrayList<>();
        for (AddedToken token : found) {
            IntList content = IntList.codePoints(token.content());
            patterns.add(normalized ? normalizer.normalize(content) : content);
        }
        return AddedTokenFinder.of(found, patterns);
    }

    private List<String> allTokens() {
        List<String> all = new ArrayList<>(model.tokens());
        for (AddedToken token : addedTokens) {
            while (all.size() <= token.id()) {
                all.add("");
            }
            all.set(token.id(), token.content());
        }
        return Collections.unmodifiableList(all);
    }

    @Override
    public int[] tokenize(String text) {
        Scanner scanner = new Scanner(text.length());
        scanner.scan(text, Integer.MAX_VALUE);
        return scanner.ids.toArray();
    }

    @Override
    public TokenScanner newScanner() {
        return new Scanner(TYPICAL_LENGTH);
    }

    /**
     * The buffers of one thread. Words after the one that reaches {@code limit} ids are left out, as the library does before
     * it truncates: which text of a pair counts as the longer one depends on it.
     */
    private final class Scanner implements TokenScanner {
        private final IntList ids = new IntList(64);
        private final IntList text;
        private final IntList part = new IntList(0);
        private final IntList spare = new IntList(0);
        private final PieceSink words;
        private final AddedTokenFinder.Handler raw = new AddedTokenFinder.Handler() {
            @Override
            public void text(int start, int end) {
                if (!full) {
                    rawText(start, end);
                }
            }

            @Override
            public void token(int id) {
                add(id);
            }
        };
        private final AddedTokenFinder.Handler normalized = new AddedTokenFinder.Handler() {
            @Override
            public void text(int start, int end) {
                words.piece(current.values, start, end);
            }

            @Override
            public void token(int id) {
                add(id);
            }
        };
        private IntList current;
        private int limit;
        private boolean full;

        Scanner(int length) {
            text = new IntList(length);
            current = text;
            PieceSink speller = model.into(ids);
            words = preTokenizer.before((piece, start, end) -> {
                if (!full) {
                    speller.piece(piece, start, end);
                    full = ids.length >= limit;
                }
            });
        }

        @Override
        public int scan(String string, int most) {
            limit = most;
            full = false;
            ids.length = 0;
            text.read(string);
            rawTokens.find(text, raw);
            return ids.length;
        }

        private void rawText(int start, int end) {
            IntList piece = text;
            if (start != 0 || end != text.length) {
                part.copyFrom(text.values, start, end);
                piece = part;
            }
            current = normalizer.normalize(piece, spare);
            normalizedTokens.find(current, normalized);
        }

        private void add(int id) {
            if (!full) {
                ids.add(id);
            }
        }

        @Override
        public int length() {
            return ids.length;
        }

        @Override
        public void copyTo(int[] target, int offset, int count) {
            System.arraycopy(ids.values, 0, target, offset, count);
        }
    }

    @Override
    public int vocabularySize() {
        return tokens.size();
    }

    @Override
    public String token(int id) {
        if (id < 0 || id >= tokens.size()) {
            throw new IllegalArgumentException("id " + id + " must be in [0, " + tokens.size() + ")");
        }
        return tokens.get(id);
    }

    @Override
    public int id(String token) {
        Integer added = addedIds.get(token);
        return added == null ? model.id(token) : added;
    }

    @Override
    public SpecialTokens specialTokens() {
        return specialTokens;
    }

    @Override
    public Encoding encode(String text, @Nullable String pair, int maxLength) {
        template.check(pair != null, maxLength);
        int[] first = scanned(text, maxLength);
        return pair == null
                ? template.encode(first, maxLength)
                : template.encode(first, scanned(pair, maxLength), maxLength);
    }

    private int[] scanned(String text, int limit) {
        Scanner scanner = new Scanner(text.length());
        scanner.scan(text, limit);
        return scanner.ids.toArray();
    }

    @Override
    public String sha256() {
        return sha256;
    }

    private String identity() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int id = 0; id < tokens.size(); id++) {
                line(digest, id + "\t" + tokens.get(id));
            }
            model.description().forEach(text -> line(digest, text));
            line(digest, normalizer.description());
            line(digest, preTokenizer.description());
            addedTokens.stream()
                    .sorted((a, b) -> Integer.compare(a.id(), b.id()))
                    .forEach(token -> line(digest, token.toString()));
            line(digest, template.toString());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void line(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) '\n');
    }
}
