/** Asks Deequ's DQDL executor, on one local Spark, what it makes of many rulesets: reads one JSON document, writes one. */

import com.amazon.deequ.dqdl.EvaluateDataQuality;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Tuple2;
import software.amazon.glue.dqdl.model.DQRule;
import software.amazon.glue.dqdl.parser.DQDLParser;

final class DeequRunner {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkSession spark;

  private DeequRunner(SparkSession spark) {
    this.spark = spark;
  }

  public static void main(String[] arguments) throws Exception {
    long begun = System.currentTimeMillis();
    JsonNode document = JSON.readTree(new File(arguments[0]));
    SparkSession.Builder builder = SparkSession.builder();
    document.get("settings").fields().forEachRemaining((setting) -> builder.config(setting.getKey(), setting.getValue().asText()));
    SparkSession spark = builder.getOrCreate();
    ObjectNode answer = JSON.createObjectNode();
    answer.put("startMs", System.currentTimeMillis() - begun);
    ArrayNode cases = answer.putArray("cases");
    for (JsonNode each : document.get("cases")) cases.add(new DeequRunner(spark).answer(each));
    JSON.writeValue(new File(arguments[1]), answer);
    spark.stop();
  }

  private ObjectNode answer(JsonNode asked) {
    long begun = System.currentTimeMillis();
    String preamble = asked.path("preamble").asText("");
    List<String> rules = new ArrayList<>();
    asked.get("rules").forEach((rule) -> rules.add(rule.asText()));
    Dataset<Row> primary = spark.read().parquet(asked.get("table").asText());
    Map<String, Dataset<Row>> references = new HashMap<>();
    asked.path("references").fields().forEachRemaining((reference) ->
        references.put(reference.getKey(), spark.read().parquet(reference.getValue().asText())));
    primary.createOrReplaceTempView("primary");
    references.forEach((alias, reference) -> reference.createOrReplaceTempView(alias));
    String rowId = asked.path("rowId").asText(null);
    ObjectNode answer = JSON.createObjectNode().put("name", asked.get("name").asText());
    ObjectNode[] results = new ObjectNode[rules.size()];
    evaluate(preamble, rules, IntStream.range(0, results.length).boxed().toList(), new Tables(primary, toScala(references), rowId), results);
    ArrayNode list = answer.putArray("rules");
    for (int index = 0; index < results.length; index++) list.add(results[index]);
    return answer.put("ms", System.currentTimeMillis() - begun);
  }

  /** What one case is about, as Spark sees it. */
  private record Tables(Dataset<Row> primary, scala.collection.immutable.Map<String, Dataset<Row>> references, String rowId) {}

  /** All rules at once. Rules share a scan, and one that Spark refuses fails the others with it: those are halved until it stands alone. */
  private void evaluate(String preamble, List<String> rules, List<Integer> places, Tables tables, ObjectNode[] results) {
    List<Integer> spoilt = places;
    String thrown = null;
    try {
      List<String> chosen = places.stream().map(rules::get).toList();
      ObjectNode[] found = evaluateTogether(preamble + "\nRules = [\n" + String.join(",\n", chosen) + "\n]", chosen.size(), tables);
      for (int index = 0; index < found.length; index++) results[places.get(index)] = found[index];
      spoilt = places.stream().filter((place) -> isSparkFault(results[place])).toList();
    } catch (Throwable caught) {
      thrown = caught.getClass().getName() + ": " + caught.getMessage();
    }
    if (places.size() > 1) {
      int middle = spoilt.size() / 2;
      if (middle > 0) evaluate(preamble, rules, spoilt.subList(0, middle), tables, results);
      if (middle < spoilt.size()) evaluate(preamble, rules, spoilt.subList(middle, spoilt.size()), tables, results);
    } else if (thrown != null) {
      ObjectNode result = JSON.createObjectNode().put("rule", rules.get(places.get(0))).put("outcome", "Exception").put("reason", thrown);
      result.putObject("metrics");
      results[places.get(0)] = result;
    }
  }

  private static boolean isSparkFault(ObjectNode result) {
    String reason = result.get("reason").asText("");
    return reason.contains("AnalysisException") || reason.contains("ParseException") || reason.contains("Job aborted");
  }

  private ObjectNode[] evaluateTogether(String ruleset, int size, Tables tables) throws Exception {
    Map<String, Integer> places = new HashMap<>();
    List<DQRule> parsed = new DQDLParser().parse(ruleset).getRules();
    if (parsed.size() != size) throw new IllegalStateException("rules were merged");
    for (int index = 0; index < parsed.size(); index++) {
      if (places.put(parsed.get(index).toString(), index) != null) {
        throw new IllegalStateException("two rules print alike: " + parsed.get(index));
      }
    }
    Dataset<Row> outcomes;
    Dataset<Row> rows = null;
    if (tables.rowId() == null) {
      outcomes = EvaluateDataQuality.process(tables.primary(), ruleset, tables.references());
    } else {
      scala.collection.immutable.Map<String, Dataset<Row>> all = EvaluateDataQuality.processRows(tables.primary(), ruleset, tables.references());
      outcomes = all.apply(EvaluateDataQuality.RULE_OUTCOMES_KEY());
      rows = all.apply(EvaluateDataQuality.ROW_LEVEL_OUTCOMES_KEY());
    }
    ObjectNode[] found = new ObjectNode[size];
    for (Row outcome : outcomes.collectAsList()) {
      // Beside a composite rule stand its operands.
      Integer place = places.get(outcome.<String>getAs("Rule"));
      if (place != null) found[place] = describe(outcome);
    }
    for (int index = 0; index < found.length; index++) {
      if (found[index] == null) throw new IllegalStateException("no outcome for " + parsed.get(index));
    }
    if (rows != null) addRows(rows, tables.rowId(), places, found);
    return found;
  }

  private static ObjectNode describe(Row outcome) {
    ObjectNode result = JSON.createObjectNode();
    result.put("rule", outcome.<String>getAs("Rule"));
    result.put("outcome", outcome.<String>getAs("Outcome"));
    result.put("reason", outcome.<String>getAs("FailureReason"));
    ObjectNode metrics = result.putObject("metrics");
    Map<String, Double> values = outcome.getJavaMap(outcome.fieldIndex("EvaluatedMetrics"));
    values.forEach((name, value) -> {
      if (Double.isFinite(value)) metrics.put(name, value);
      else metrics.put(name, String.valueOf(value));
    });
    return result;
  }

  private static void addRows(Dataset<Row> rows, String rowId, Map<String, Integer> places, ObjectNode[] found) {
    List<Row> all = rows.select(
        rows.col(rowId).cast("string"), rows.col("DataQualityRulesPass"), rows.col("DataQualityRulesFail"), rows.col("DataQualityRulesSkip")
    ).collectAsList();
    String[] names = {"passedRows", "failedRows", "skippedRows"};
    for (ObjectNode result : found) for (String name : names) result.putArray(name);
    for (Row row : all) {
      for (int kind = 0; kind < names.length; kind++) {
        for (String rule : row.<String>getList(kind + 1)) ((ArrayNode) found[places.get(rule)].get(names[kind])).add(row.getString(0));
      }
    }
  }

  private static <K, V> scala.collection.immutable.Map<K, V> toScala(Map<K, V> map) {
    scala.collection.immutable.Map<K, V> result = scala.collection.immutable.Map$.MODULE$.empty();
    for (Map.Entry<K, V> entry : map.entrySet()) result = result.$plus(new Tuple2<>(entry.getKey(), entry.getValue()));
    return result;
  }
}
