import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.DelegatingAnalyzerWrapper;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.spans.SpanNearQuery;
import org.apache.lucene.search.spans.SpanQuery;
import org.apache.lucene.search.spans.SpanTermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/**
 * LuceneBridge FOLDER: indexes documents and answers queries, as OpenSearch would with the template of a bulk export.
 *
 * Standard input has documents, one "FIELD TAB VALUE" a line and an empty line after each, then a line "queries", then
 * lines "QUERY" or "QUERY TAB FACET=VALUE,VALUE ...". For each line it prints the total; with filters also
 * "FACET=VALUE:COUNT,..." for each facet, of which the counts ignore the filter on the facet itself; then, after a tab,
 * the microseconds of a search for ten hits and the counts.
 */
public class LuceneBridge {
    static final String[] FACETS = {"level", "sector", "group", "occupation", "zone", "version"};

    /** Splits at white space, with a gap between two values of a field. */
    static Analyzer analyzer() {
        Analyzer words = new WhitespaceAnalyzer();
        return new DelegatingAnalyzerWrapper(Analyzer.PER_FIELD_REUSE_STRATEGY) {
            @Override
            protected Analyzer getWrappedAnalyzer(String field) {
                return words;
            }

            @Override
            public int getPositionIncrementGap(String field) {
                return 100;
            }
        };
    }

    static void index(Directory folder, BufferedReader in) throws Exception {
        List<String> facets = Arrays.asList(FACETS);
        IndexWriterConfig config = new IndexWriterConfig(analyzer()).setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        try (IndexWriter writer = new IndexWriter(folder, config)) {
            Document document = new Document();
            for (String line; !(line = in.readLine()).equals("queries"); ) {
                if (line.isEmpty()) {
                    writer.addDocument(document);
                    document = new Document();
                    continue;
                }
                String[] pair = line.split("\t", 2);
                if (facets.contains(pair[0])) {
                    document.add(new StringField(pair[0], pair[1], Field.Store.NO));
                    document.add(new SortedDocValuesField(pair[0], new org.apache.lucene.util.BytesRef(pair[1])));
                } else {
                    document.add(new TextField(pair[0], pair[1], Field.Store.NO));
                }
            }
            writer.forceMerge(1);
        }
    }

    static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Reads what follows "(", up to its ")". */
    static Query read(Iterator<String> words) {
        String kind = words.next();
        List<String> texts = new ArrayList<>();
        List<Query> parts = new ArrayList<>();
        for (String word; !(word = words.next()).equals(")"); ) {
            if (word.equals("(")) {
                parts.add(read(words));
            } else {
                texts.add(decode(word));
            }
        }
        switch (kind) {
            case "all":
                return new MatchAllDocsQuery();
            case "not":
                return join(List.of(new MatchAllDocsQuery()), Occur.MUST, parts);
            case "and":
                return join(parts, Occur.MUST, List.of());
            case "or":
                return parts.isEmpty() ? new MatchNoDocsQuery() : join(parts, Occur.SHOULD, List.of());
            case "term":
                return new TermQuery(new Term(texts.get(0), texts.get(1)));
            case "beginning":
                return new PrefixQuery(new Term(texts.get(0), texts.get(1)));
            case "near":
                return new SpanNearQuery(parts.stream().map(LuceneBridge::span).toArray(SpanQuery[]::new),
                        Integer.parseInt(texts.get(0)) - 1, false);
            default:
                return phrase(texts.get(0), texts.subList(1, texts.size()));
        }
    }

    static Query join(List<Query> parts, Occur occur, List<Query> excluded) {
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        parts.forEach(part -> builder.add(part, occur));
        excluded.forEach(part -> builder.add(part, Occur.MUST_NOT));
        return builder.build();
    }

    static Query phrase(String field, List<String> words) {
        if (words.size() == 1) {
            return new TermQuery(new Term(field, words.get(0)));
        }
        PhraseQuery.Builder builder = new PhraseQuery.Builder();
        words.forEach(word -> builder.add(new Term(field, word)));
        return builder.build();
    }

    static SpanQuery span(Query query) {
        if (query instanceof TermQuery) {
            return new SpanTermQuery(((TermQuery) query).getTerm());
        }
        Term[] terms = ((PhraseQuery) query).getTerms();
        return new SpanNearQuery(Arrays.stream(terms).map(SpanTermQuery::new).toArray(SpanQuery[]::new), 0, true);
    }

    static Map<String, Integer> count(IndexSearcher searcher, Query query, String facet) throws Exception {
        Map<String, Integer> counts = new TreeMap<>();
        searcher.search(query, new SimpleCollector() {
            SortedDocValues values;

            @Override
            protected void doSetNextReader(LeafReaderContext context) throws java.io.IOException {
                values = context.reader().getSortedDocValues(facet);
            }

            @Override
            public void collect(int document) throws java.io.IOException {
                values.advanceExact(document);
                counts.merge(values.binaryValue().utf8ToString(), 1, Integer::sum);
            }

            @Override
            public ScoreMode scoreMode() {
                return ScoreMode.COMPLETE_NO_SCORES;
            }
        });
        return counts;
    }

    /** The query with the filters on all facets but one. */
    static Query filtered(Query query, Map<String, String[]> filters, String except) {
        BooleanQuery.Builder builder = new BooleanQuery.Builder().add(query, Occur.MUST);
        filters.forEach((facet, values) -> {
            BooleanQuery.Builder any = new BooleanQuery.Builder();
            for (String value : values) {
                any.add(new TermQuery(new Term(facet, decode(value))), Occur.SHOULD);
            }
            if (!facet.equals(except)) {
                builder.add(any.build(), Occur.FILTER);
            }
        });
        return builder.build();
    }

    static String answer(IndexSearcher searcher, String line) throws Exception {
        String[] parts = line.split("\t", -1);
        Iterator<String> words = Arrays.asList(parts[0].split(" ")).iterator();
        words.next();
        Query query = read(words);
        Map<String, String[]> filters = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            filters.put(pair[0], pair[1].split(","));
        }
        StringBuilder out = new StringBuilder();
        long start = System.nanoTime();
        searcher.search(filtered(query, filters, ""), 10);
        out.append(searcher.count(filtered(query, filters, "")));
        for (String facet : FACETS) {
            out.append('\t').append(facet).append('=');
            String comma = "";
            for (Map.Entry<String, Integer> pair : count(searcher, filtered(query, filters, facet), facet).entrySet()) {
                out.append(comma).append(pair.getKey()).append(':').append(pair.getValue());
                comma = ",";
            }
        }
        return out.append('\t').append((System.nanoTime() - start) / 1000).toString();
    }

    public static void main(String[] arguments) throws Exception {
        BooleanQuery.setMaxClauseCount(100000);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        java.io.PrintStream out = new java.io.PrintStream(System.out, true, StandardCharsets.UTF_8);
        Directory folder = new MMapDirectory(Paths.get(arguments[0]));
        index(folder, in);
        IndexSearcher searcher = new IndexSearcher(DirectoryReader.open(folder));
        for (String line; (line = in.readLine()) != null; ) {
            out.println(answer(searcher, line));
        }
    }
}
