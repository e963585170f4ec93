// What text-file cases cannot say: bytes, limits, determinism, typed results, the shop, the manual.
#include "playbook/compile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/hash.h"

namespace tact {
namespace {

using Kind = Clause::Kind;

PlaybookFiles base_files() { return *read_playbook_folder("src/playbook/testdata/base"); }

std::string findings_text(const Compilation& compilation) {
  std::string text;
  for (const Finding& finding : compilation.findings) text += finding.to_text() + "\n";
  return text;
}

std::shared_ptr<const Playbook> compiled(const PlaybookFiles& files) {
  const Compilation compilation = compile_playbook(files);
  EXPECT_TRUE(compilation.ok()) << findings_text(compilation);
  return compilation.playbook ? compilation.playbook : std::make_shared<const Playbook>();
}

std::shared_ptr<const Playbook> shop() {
  const Compilation compilation = compile_playbook_folder("playbooks/shop");
  EXPECT_TRUE(compilation.ok()) << findings_text(compilation);
  return compilation.playbook ? compilation.playbook : std::make_shared<const Playbook>();
}

// --- what is kept, and of whom ------------------------------------------------------------------

PlaybookFiles with_site(const std::string& settings) {
  PlaybookFiles files = base_files();
  files["playbook.yaml"] = "site: Northfold\n" + settings;
  return files;
}

TEST(Site, PersonalDataIsExpectedInTheEMailTraitAlone) {
  const Privacy privacy = compiled(with_site(""))->site.privacy;
  EXPECT_FALSE(privacy.keep.has_value());
  EXPECT_TRUE(privacy.drop.empty());
  EXPECT_EQ(privacy.expected, std::vector<std::string>{"traits.email"});
  EXPECT_TRUE(compiled(with_site("privacy: {expected: []}\n"))->site.privacy.expected.empty());
}

TEST(Site, PathsAreThoseOfPropertiesUnlessTheySayOtherwise) {
  const Privacy privacy =
      compiled(
          with_site("privacy:\n  keep_properties: [colour, size_*]\n"
                    "  drop_properties: [phone, address.street, traits.phone, context.screen]\n"
                    "  expected: [traits.email, properties.lead.*]\n"))
          ->site.privacy;
  EXPECT_EQ(*privacy.keep, (std::vector<std::string>{"colour", "size_*"}));
  EXPECT_EQ(privacy.drop, (std::vector<std::string>{"phone", "properties.address.street",
                                                    "traits.phone", "context.screen"}));
  EXPECT_EQ(privacy.expected, (std::vector<std::string>{"traits.email", "properties.lead.*"}));
  const Privacy nothing = compiled(with_site("privacy: {keep_properties: []}\n"))->site.privacy;
  ASSERT_TRUE(nothing.keep.has_value());
  EXPECT_TRUE(nothing.keep->empty());
}

TEST(Site, DeclaresNetworks) {
  const Traffic traffic =
      compiled(with_site("traffic:\n  staff_networks: [192.0.2.0/24, \"2001:db8::/32\"]\n"
                         "  bot_networks: 198.51.100.7\n"))
          ->site.traffic;
  ASSERT_EQ(traffic.staff.size(), 2U);
  EXPECT_TRUE(traffic.staff[1].contains(*parse_ip_address("2001:db8::7")));
  ASSERT_EQ(traffic.bots.size(), 1U);
  EXPECT_EQ(traffic.bots[0].prefix, 128);
}

TEST(Site, BoundsTheNumberOfPatterns) {
  std::string list;
  for (int i = 0; i <= 100; ++i) list += (i == 0 ? "" : ", ") + ("p" + std::to_string(i));
  const Compilation many =
      compile_playbook(with_site("privacy: {drop_properties: [" + list + "]}\n"));
  EXPECT_FALSE(many.ok());
  EXPECT_NE(findings_text(many).find("has over 100 entries"), std::string::npos);
}

// --- the shop ----------------------------------------------------------------------------------

TEST(Shop, CompilesWithNotesOnly) {
  const Compilation compilation = compile_playbook_folder("playbooks/shop");
  ASSERT_TRUE(compilation.ok()) << findings_text(compilation);
  for (const Finding& finding : compilation.findings) {
    EXPECT_EQ(finding.severity, Severity::kNote) << finding.to_text();
  }
  const Playbook& p = *compilation.playbook;
  EXPECT_EQ(p.signals.size(), 8U);
  EXPECT_EQ(p.intents.size(), 4U);
  EXPECT_EQ(p.moments.size(), 5U);
  EXPECT_EQ(std::count_if(p.moments.begin(), p.moments.end(),
                          [](const Moment& moment) { return moment.selling(); }),
            1)
      << "exactly one moment sells";
}

TEST(Shop, SpeaksBothLanguagesEverywhere) {
  const auto p = shop();
  for (const Message& message : p->messages) {
    int english = 0, german = 0;
    for (const Variant& variant : message.variants) {
      english += variant.locale == "en" ? 1 : 0;
      german += variant.locale == "de" ? 1 : 0;
    }
    EXPECT_GT(english, 0) << message.id;
    EXPECT_EQ(english, german) << message.id;
  }
}

TEST(Shop, TheWorkedExampleReachesSixtyFivePercent) {
  const auto p = shop();
  const Intent& fit = p->intents.at(static_cast<std::size_t>(p->find_intent("unsure_about_fit")));
  EXPECT_EQ(fit.usually.ppm, 200'000);
  const Evidence& guide = fit.in_favour.at(0);
  EXPECT_EQ(guide.clause.kind, Kind::kSignal);
  EXPECT_EQ(guide.clause.signal, p->find_signal("size_guide"));
  EXPECT_EQ(guide.clause.times, 2);
  EXPECT_EQ(guide.clause.window.kind, Window::Kind::kThisVisit);
  EXPECT_EQ(guide.points.milli, 2'000);
  const int searched = fit.in_favour.at(1).points.milli;
  const int before = fit.against.at(0).points.milli;
  EXPECT_EQ(logistic({fit.usually_points.milli}).percent(), 20);
  EXPECT_EQ(logistic({fit.usually_points.milli + 2'000}).percent(), 65);
  EXPECT_EQ(logistic({fit.usually_points.milli + 2'000 + searched}).percent(), 83);
  EXPECT_EQ(logistic({fit.usually_points.milli + 2'000 - before}).percent(), 20);
}

TEST(Shop, FitHelpIsTyped) {
  const auto p = shop();
  const Moment* moment = p->find_moment("fit-help");
  ASSERT_NE(moment, nullptr);
  EXPECT_EQ(moment->slot, "product.reassurance");
  ASSERT_EQ(moment->when.size(), 1U);
  EXPECT_EQ(moment->when[0].kind, Kind::kIntent);
  EXPECT_EQ(moment->when[0].level, Level::kLikely);
  EXPECT_TRUE(moment->names_intent());
  ASSERT_EQ(moment->unless.size(), 1U);
  EXPECT_EQ(moment->unless[0].kind, Kind::kBoughtCategory);
  EXPECT_EQ(moment->unless[0].window.kind, Window::Kind::kBeforeThisVisit);
  ASSERT_EQ(moment->stop.size(), 1U);
  EXPECT_EQ(moment->stop[0].kind, Kind::kProductInCart);
  EXPECT_EQ(moment->at_most.per_visit, 1);
  EXPECT_EQ(moment->at_most.per_week, 3);
  EXPECT_EQ(moment->at_most.ever, 6);
  EXPECT_FALSE(moment->at_most.per_day.has_value());
  EXPECT_EQ(moment->rest.length, days(14));
  EXPECT_EQ(moment->rest.after_ignored, 2);
  EXPECT_EQ(p->goals.at(static_cast<std::size_t>(moment->expect.goal)).id, "orders");
  EXPECT_TRUE(moment->expect.more);
  EXPECT_EQ(moment->hold_back.ppm, 100'000);
  EXPECT_EQ(moment->pick, Pick::kWhatWorks);
  EXPECT_EQ(moment->tier, Tier::kConversion);
  EXPECT_EQ(moment->key, hash64("fit-help"));
  const Message& message = p->messages.at(static_cast<std::size_t>(moment->messages.at(0)));
  EXPECT_EQ(message.id, "fit-guide");
  EXPECT_EQ(message.variants.at(0).id, "plain");
  EXPECT_EQ(message.variants.at(1).id, "warm");
}

// --- the manual
// -----------------------------------------------------------------------------------

struct Manual {
  PlaybookFiles files;               // the ```yaml blocks, each named by its first line
  std::vector<std::string> clauses;  // first column of the table under "## Clauses"
};

Manual read_manual() {
  Manual manual;
  std::ifstream stream("docs/playbook.md");
  EXPECT_TRUE(stream.good());
  std::string* file = nullptr;
  bool block = false, clauses = false;
  for (std::string line; std::getline(stream, line);) {
    if (line == "```yaml") {
      std::getline(stream, line);
      EXPECT_TRUE(line.starts_with("# ")) << "an example begins with its file's name: " << line;
      file = &manual.files[line.substr(2)];
      block = true;
    } else if (line == "```") {
      block = false;
    } else if (block) {
      *file += line + "\n";
    } else if (line.starts_with("## ")) {
      clauses = line == "## Clauses";
    } else if (clauses && line.starts_with("| `")) {
      manual.clauses.push_back(line.substr(3, line.find('`', 3) - 3));
    }
  }
  return manual;
}

TEST(Manual, EveryExampleCompiles) {
  const Manual manual = read_manual();
  EXPECT_EQ(manual.files.size(), 11U);
  const Compilation compilation = compile_playbook(manual.files);
  EXPECT_TRUE(compilation.ok());
  for (const Finding& finding : compilation.findings) {
    EXPECT_EQ(finding.severity, Severity::kNote) << finding.to_text();
  }
}

TEST(Manual, EveryClauseParsesAndEveryKindIsShown) {
  const Manual manual = read_manual();
  const auto p = compiled(manual.files);
  const ClauseNames names{&p->signals,        &p->intents,  &p->dayparts,
                          &p->keyword_groups, &p->segments, p->site.minor_digits};
  std::set<Kind> shown = {Kind::kAnyOf};  // a list, shown in a moment
  for (const std::string& text : manual.clauses) {
    const auto clause = parse_clause(text, names);
    ASSERT_TRUE(clause.has_value()) << text << ": " << clause.error().to_text();
    EXPECT_FALSE(clause->says.empty()) << text;
    shown.insert(clause->kind);
  }
  EXPECT_EQ(shown.size(), static_cast<std::size_t>(Kind::kAfterSolved) + 1) << "every Clause::Kind";
}

// --- clauses and expressions, typed
// ------------------------------------------------------------------

Clause clause_of(std::string_view text, int minor_digits = 2) {
  const auto p = compiled(base_files());
  const ClauseNames names{&p->signals,        &p->intents,  &p->dayparts,
                          &p->keyword_groups, &p->segments, minor_digits};
  const auto clause = parse_clause(text, names);
  EXPECT_TRUE(clause.has_value()) << text << ": " << clause.error().to_text();
  return clause ? *clause : Clause{};
}

TEST(Clause, Members) {
  EXPECT_EQ(clause_of("size_guide").window.kind, Window::Kind::kDefault);
  EXPECT_EQ(clause_of("size_guide 3 times within 14d").times, 3);
  EXPECT_EQ(clause_of("size_guide 3 times within 14d").window.within, days(14));
  EXPECT_EQ(clause_of("size_guide 3 times").window.kind, Window::Kind::kThisVisit);
  const Clause then = clause_of("size_guide then searched for sizes within 2d");
  EXPECT_EQ(then.kind, Kind::kThen);
  ASSERT_EQ(then.parts.size(), 2U);
  EXPECT_EQ(then.parts[0].signal, 0);
  EXPECT_EQ(then.parts[1].signal, 1);
  EXPECT_EQ(then.window.within, days(2));
  EXPECT_EQ(clause_of("size_guide and no searched_for_sizes for 1h").kind, Kind::kAndNo);
  EXPECT_EQ(clause_of("returned within 2d to 7d").from, days(2));
  EXPECT_EQ(clause_of("returned within 2d to 7d").to, days(7));
  EXPECT_EQ(clause_of("viewed this category").text, "this");
  EXPECT_EQ(clause_of("weather below -3.5 C").amount_milli, -3'500);
  EXPECT_TRUE(clause_of("weather below -3.5 C").below);
  EXPECT_FALSE(clause_of("weather above 8 C").below);
  EXPECT_EQ(clause_of("came from campaign spring sale").text, "spring sale");
  EXPECT_EQ(clause_of("came from ad").source, TrafficSource::kAd);
  EXPECT_EQ(clause_of("consent for email").purpose, Purpose::kEmail);
  EXPECT_EQ(clause_of("  size_guide   repeatedly ").written, "size_guide   repeatedly");
}

TEST(Clause, MoneyIsInTheCurrencysMinorUnit) {
  EXPECT_EQ(clause_of("cart over 49.9").amount_minor, 4'990);
  EXPECT_EQ(clause_of("cart over 5000", 0).amount_minor, 5'000);
  PlaybookFiles files = base_files();
  for (const auto& [money, digits] : std::map<std::string, int>{{"JPY", 0}, {"KWD", 3}}) {
    files["playbook.yaml"] = "site: Test\ncurrency: " + money + "\n";
    EXPECT_EQ(compiled(files)->site.minor_digits, digits) << money;
  }
}

TEST(Clause, LengthIsLimited) {
  const auto clause = parse_clause(std::string(501, 'a'), {});
  ASSERT_FALSE(clause.has_value());
  EXPECT_EQ(clause.error().where, "501");
  EXPECT_FALSE(parse_clause("", {}).has_value());
  EXPECT_FALSE(parse_clause("\xFF", {}).has_value());
}

TEST(Expression, Shape) {
  const auto parsed =
      parse_expression("a == 1 or not b.c contains 'x' and (d < -2.5 or e == true)");
  ASSERT_TRUE(parsed.has_value()) << parsed.error().to_text();
  using Op = Expression::Op;
  EXPECT_EQ(parsed->op, Op::kOr);
  ASSERT_EQ(parsed->children.size(), 2U);
  EXPECT_EQ(std::get<double>(parsed->children[0].literal), 1.0);
  const Expression& both = parsed->children[1];
  EXPECT_EQ(both.op, Op::kAnd);
  EXPECT_EQ(both.children.at(0).op, Op::kNot);
  EXPECT_EQ(both.children.at(0).children.at(0).field, "b.c");
  EXPECT_EQ(std::get<std::string>(both.children.at(0).children.at(0).literal), "x");
  EXPECT_EQ(both.children.at(1).op, Op::kOr);
  EXPECT_EQ(std::get<double>(both.children.at(1).children.at(0).literal), -2.5);
  EXPECT_TRUE(std::get<bool>(both.children.at(1).children.at(1).literal));
}

TEST(Expression, WordsThatBeginLikeOperatorsAreFields) {
  for (const char* text :
       {"order == 1", "android == true", "notes contains 'x'", "x contains \"\""}) {
    EXPECT_TRUE(parse_expression(text).has_value()) << text;
  }
  for (const char* text :
       {"", "a", "a ==", "== 1", "a == b", "and == 1", "a == 1 b == 2", "(a == 1", "a == 1)", "not",
        "a == 1 or", "a === 1", "a == 1.", "a == 1e5", "a.== 1"}) {
    EXPECT_FALSE(parse_expression(text).has_value()) << text;
  }
}

TEST(Expression, DepthAndLengthAreLimited) {
  const auto nested = [](int n, const std::string& open, const std::string& close) {
    std::string text;
    for (int i = 0; i < n; ++i) text += open;
    text += "a == 1";
    for (int i = 0; i < n; ++i) text += close;
    return text;
  };
  EXPECT_TRUE(parse_expression(nested(6, "(", ")")).has_value());
  EXPECT_FALSE(parse_expression(nested(100, "(", ")")).has_value());
  EXPECT_FALSE(parse_expression(nested(100, "not ", "")).has_value());
  EXPECT_FALSE(parse_expression(std::string(501, ' ')).has_value());
}

// --- files, bytes, hashes
// --------------------------------------------------------------------------------

TEST(Files, PackingGoesThereAndBack) {
  const PlaybookFiles files = base_files();
  const std::string packed = pack_playbook(files);
  const auto unpacked = unpack_playbook(packed);
  ASSERT_TRUE(unpacked.has_value());
  EXPECT_EQ(*unpacked, files);
  for (std::size_t size = 0; size < packed.size(); size += 7) {
    EXPECT_FALSE(unpack_playbook(std::string_view(packed).substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(unpack_playbook(packed + "x").has_value());
}

// Stored playbooks must stay readable: these bytes are format 1 for ever.
TEST(Files, TheFirstFormatStaysReadable) {
  const std::string packed(
      "tact-playbook 1\n\x02\x01"
      "a\x02"
      "xy\x01"
      "b\x00",
      25);
  const auto files = unpack_playbook(packed);
  ASSERT_TRUE(files.has_value());
  EXPECT_EQ(*files, (PlaybookFiles{{"a", "xy"}, {"b", ""}}));
  EXPECT_EQ(pack_playbook(*files), packed);
  const std::string unsorted(
      "tact-playbook 1\n\x02\x01"
      "b\x00\x01"
      "a\x00",
      23);
  EXPECT_FALSE(unpack_playbook(unsorted).has_value()) << "one spelling per set";
}

TEST(Files, FoldersAreReadWithoutLeavingThem) {
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "tact-playbook-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const fs::path folder = name;
  fs::create_directories(folder / "inside/moments");
  fs::create_directories(folder / "inside/.git");
  const auto write = [&](const std::string& path, const std::string& text) {
    std::ofstream(folder / path) << text;
  };
  write("secret.yaml", "x: y");
  write("inside/playbook.yaml", "site: Test");
  write("inside/moments/a.yaml", "");
  write("inside/guards.yml", "");
  write("inside/README.md", "");
  write("inside/.git/config.yaml", "");
  const auto files = read_playbook_folder((folder / "inside").string());
  ASSERT_TRUE(files.has_value()) << files.error().to_text();
  EXPECT_EQ(files->size(), 3U) << "two .yaml, one .yml to complain about";
  EXPECT_EQ(files->at("playbook.yaml"), "site: Test");
  fs::create_symlink(folder / "secret.yaml", folder / "inside/goals.yaml");
  const auto linked = read_playbook_folder((folder / "inside").string());
  ASSERT_FALSE(linked.has_value());
  EXPECT_EQ(linked.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(read_playbook_folder((folder / "nowhere").string()).error().code, ErrorCode::kNotFound);
  const Compilation nowhere = compile_playbook_folder((folder / "nowhere").string());
  ASSERT_EQ(nowhere.findings.size(), 1U);
  EXPECT_EQ(nowhere.findings[0].rule, "folder");
  fs::remove_all(folder);
}

TEST(Files, TheFirstErrorIsToldHoweverManyNotesThereAre) {
  PlaybookFiles files = base_files();
  const std::string fit = files.at("moments/fit.yaml");
  std::string many;
  for (int i = 0; i < 400; ++i) {
    many += "m" + std::to_string(i) + fit.substr(fit.find(':'), fit.size()) +
            "  pick: what works\n" + "  not_at_the_cost_of: more orders\n";
  }
  files["moments/many.yaml"] = many + "last:\n  nede: x\n";
  const Compilation compilation = compile_playbook(files);
  ASSERT_FALSE(compilation.ok());
  EXPECT_TRUE(compilation.first_error().where.starts_with("moments/many.yaml:"));
}

TEST(Files, TextThatIsNotUtf8IsNamedWhereItBegins) {
  for (const std::string bad :
       {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x01", "\x7F"}) {
    PlaybookFiles files = base_files();
    files["guards.yaml"] = "# fine\n# \xC3\xA4 " + bad + "\n";
    const Compilation compilation = compile_playbook(files);
    ASSERT_EQ(compilation.findings.size(), 1U) << findings_text(compilation);
    EXPECT_EQ(compilation.findings[0].rule, "not-utf8");
    EXPECT_EQ(compilation.findings[0].position.line, 2);
    EXPECT_EQ(compilation.findings[0].position.column, 5);
  }
  PlaybookFiles files = base_files();
  files["guards.yaml"] =
      "\xEF\xBB\xBF"
      "all: 1 per visit\r\n";  // as Windows editors write it
  EXPECT_EQ(findings_text(compile_playbook(files)), "");
}

TEST(Files, LargeAndDeepFilesAreRefusedQuickly) {
  PlaybookFiles files = base_files();
  files["guards.yaml"] = std::string((1 << 20) + 1, '#');
  EXPECT_EQ(compile_playbook(files).findings.at(0).rule, "too-large");
  for (const std::string& open : {std::string("["), std::string("{a: "), std::string("- ")}) {
    std::string deep;
    for (int i = 0; i < 50'000; ++i) deep += open;
    files["guards.yaml"] = deep;
    EXPECT_FALSE(compile_playbook(files).ok());
  }
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "k" + std::to_string(i) + ": x\n";
  files["guards.yaml"] = many;
  const Compilation compilation = compile_playbook(files);
  EXPECT_EQ(compilation.findings.size(), 501U) << "500, and one that says there are more";
  files["guards.yaml"].clear();
  files["signals.yaml"] = many;
  EXPECT_FALSE(compile_playbook(files).ok());
}

double cpu_seconds_of(const PlaybookFiles& files) {
  const std::clock_t began = std::clock();
  EXPECT_FALSE(compile_playbook(files).ok());
  return static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
}

// Half a minute when the characters before each word were counted from the line's start.
TEST(Files, AThousandTimesLongerLineTakesNotAMillionTimesLonger) {
  PlaybookFiles files = base_files();
  std::string words = "a: [";
  for (int i = 0; i < 250'000; ++i) words += "a,";
  files["guards.yaml"] = words + "]\n";
  EXPECT_LT(cpu_seconds_of(files), 10);
}

// A quarter of a minute when every one of them was compared with every name, also of those not
// reported.
TEST(Files, ManyNamesThatNobodyKnowsAreTellingQuickly) {
  PlaybookFiles files = base_files();
  std::string signals, evidence = "i:\n  means: is\n  usually: 20%\n  for:\n";
  const auto name = [](int number) {
    std::string text;
    for (int i = 0; i < 30; ++i, number = number * 31 % 65'537) text += "abcdefgh"[number % 8];
    return text;
  };
  for (int i = 1; i <= 5'000; ++i) {
    signals += name(i) + ":\n  says: did\n  seen: track Cart Viewed\n";
    evidence += "    - " + name(i + 20'000) + ": strong\n";
  }
  files["signals.yaml"] = signals;
  files["intents.yaml"] = evidence;
  EXPECT_LT(cpu_seconds_of(files), 10);
}

TEST(Files, PlacesOnALineAreCountedInCharactersWhereverTheyAre) {
  PlaybookFiles files = base_files();
  files["guards.yaml"] = "{\u00e9\u00e9: {\u00fc: 1, \u00fc: 2}, b: [x], b: 3}\n";
  const std::string found = findings_text(compile_playbook(files));
  EXPECT_NE(found.find("guards.yaml:1:13: error: \"\u00fc\" is given twice"), found.npos) << found;
  EXPECT_NE(found.find("guards.yaml:1:28: error: \"b\" is given twice"), found.npos) << found;
}

TEST(Hash, NamesTheFilesAndOnlyThem) {
  PlaybookFiles files = base_files();
  const auto first = compiled(files);
  EXPECT_EQ(first->hash, compiled(files)->hash);
  EXPECT_EQ(first->hash, content_hash(pack_playbook(files)));
  files["guards.yaml"] = "all: 9 per visit\n";
  EXPECT_NE(first->hash, compiled(files)->hash);
}

TEST(Hash, DerivedStateDependsOnDefinitionsNotOnWords) {
  const auto derived = [](const std::string& from, const std::string& to, const std::string& file) {
    PlaybookFiles files = base_files();
    std::string& text = files[file];
    EXPECT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
    return compiled(files)->derived_hash;
  };
  const std::uint64_t before = compiled(base_files())->derived_hash;
  EXPECT_EQ(before, derived("opened the size guide", "looked at the size guide", "signals.yaml"));
  EXPECT_EQ(before, derived("20%", "30%", "intents.yaml"));
  EXPECT_NE(before, derived("half in 2d", "half in 3d", "signals.yaml"));
  EXPECT_NE(before, derived("Size Guide Opened", "Size Guide Seen", "signals.yaml"));
  EXPECT_NE(before, derived("about: product", "about: category", "signals.yaml"));
  EXPECT_NE(before, derived("contains \"size\"", "contains \"sizes\"", "signals.yaml"));
  EXPECT_NE(before, derived("  fades: half in 2d", "  fades: half in 2d\n  counts: against",
                            "signals.yaml"));
}

// --- small things
// ------------------------------------------------------------------------------------------

TEST(Playbook, GlobsMatch) {
  EXPECT_TRUE(glob_matches("/pricing*", "/pricing"));
  EXPECT_TRUE(glob_matches("/a/*/c", "/a/b/b/c"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("**a*b", "xxaxab"));
  EXPECT_FALSE(glob_matches("/pricing", "/pricing/x"));
  EXPECT_FALSE(glob_matches("", "/"));
  EXPECT_FALSE(glob_matches("/a*c", "/ab"));
  EXPECT_FALSE(glob_matches("*a*a*a*a*a*a*a*a*b", std::string(20'000, 'a')));
}

TEST(Playbook, ReasonableDefaultsWithoutOptionalFiles) {
  const auto p = compiled({{"playbook.yaml", "site: Test\n"}});
  EXPECT_EQ(p->site.hold_back.ppm, 50'000);
  EXPECT_EQ(p->guards.ahead_by.ppm, 150'000);
  EXPECT_TRUE(p->guards.all.empty());
  EXPECT_TRUE(p->moments.empty());
}

Basis analytics_in(const Playbook& playbook, std::string_view region) {
  return playbook.guards.bases_in(region)[static_cast<std::size_t>(Purpose::kAnalytics)];
}

TEST(Purposes, ConsentEverywhereWhereNothingIsSaid) {
  const auto p = compiled({{"playbook.yaml", "site: Test\n"}});
  for (const std::string_view region : {"", "DE", "US", "US-CA"}) {
    EXPECT_EQ(p->guards.bases_in(region), Bases{}) << region;
  }
}

TEST(Purposes, TheMostExactRegionCounts) {
  PlaybookFiles files = base_files();
  files["guards.yaml"] =
      "purposes:\n  analytics:\n    basis: consent\n    in:\n"
      "      US: legitimate interest\n      US-CA: consent\n      JP: legitimate interest\n";
  const auto p = compiled(files);
  EXPECT_EQ(analytics_in(*p, "DE"), Basis::kConsent);
  EXPECT_EQ(analytics_in(*p, "JP"), Basis::kLegitimateInterest);
  EXPECT_EQ(analytics_in(*p, "JP-13"), Basis::kLegitimateInterest);
  EXPECT_EQ(analytics_in(*p, "US-TX"), Basis::kLegitimateInterest);
  EXPECT_EQ(analytics_in(*p, "US-CA"), Basis::kConsent);
  EXPECT_EQ(p->guards.bases_in("US")[static_cast<std::size_t>(Purpose::kPersonalization)],
            Basis::kConsent)
      << "said of analytics alone";
}

TEST(Purposes, WhatMayBeMeantIsTakenAtItsStrictest) {
  PlaybookFiles files = base_files();
  files["guards.yaml"] =
      "purposes:\n  analytics:\n    basis: legitimate interest\n    in:\n"
      "      US-CA: consent\n      CN: never\n";
  const auto p = compiled(files);
  EXPECT_EQ(analytics_in(*p, ""), Basis::kNever) << "an unknown region";
  EXPECT_EQ(analytics_in(*p, "US"), Basis::kConsent) << "perhaps California";
  EXPECT_EQ(analytics_in(*p, "US-TX"), Basis::kLegitimateInterest);
}

TEST(Playbook, RevealsIsTakenFromTheFactsWhereNothingSaysIt) {
  PlaybookFiles files = base_files();
  std::string& message = files["messages/fit.yaml"];
  message.erase(message.find("  reveals: visit\n"), 17);
  EXPECT_EQ(compiled(files)->messages.at(0).reveals, Reveals::kVisit);
  std::string& moment = files["moments/fit.yaml"];
  moment.replace(moment.find("likely unsure_about_fit"), 23, "bought this product within 90d");
  files.erase("intents.yaml");
  files.erase("signals.yaml");
  EXPECT_EQ(compiled(files)->messages.at(0).reveals, Reveals::kHistory);
}

TEST(Finding, AsJson) {
  const Finding finding{
      Severity::kWarning, {"guards.yaml", 3, 7}, "unused-signal", "nothing", "remove it"};
  EXPECT_EQ(
      to_string(json::value(finding.to_json())),
      R"({"severity":"warning","file":"guards.yaml","line":3,"column":7,"rule":"unused-signal",)"
      R"("message":"nothing","suggestion":"remove it"})");
}

}  // namespace
}  // namespace tact
