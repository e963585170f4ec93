// tact import: files of past events into a data directory.
//
// Every line is one event with the id file hash + line, so that a line read twice is stored once.
// The engine looks for duplicates in a visitor's last 1,000 messages; therefore at most 900 lines
// of one person are sent and not yet noted as durable: whatever a killed import had stored beyond
// its note is found again. (A person who goes by several anonymousIds, linked only elsewhere,
// counts as several here.)
#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/import_note.h"
#include "cli/import_rows.h"
#include "cli/paths.h"
#include "cli/terminal.h"
#include "collect/collect.h"
#include "engine/engine.h"
#include "event/parse.h"

namespace tact::cli {
namespace {

constexpr std::size_t kChunkEvents = 2'000;
constexpr std::size_t kChunksInFlight = 4;
constexpr std::uint32_t kPersonLines = 900;  // of one person, sent since all was noted
constexpr std::size_t kPersons =
    100'000;  // counted so; then all is noted, and counting starts anew
constexpr std::size_t kShownRejections = 10;

volatile std::sig_atomic_t interrupted = 0;
void note_interrupt(int) { interrupted = 1; }

// SIGINT and SIGTERM end the import between two chunks; a second one ends it at once.
class Interruptible {
 public:
  Interruptible() {
    struct sigaction action{};
    action.sa_handler = note_interrupt;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, &before_[0]);
    sigaction(SIGTERM, &action, &before_[1]);
  }
  ~Interruptible() {
    sigaction(SIGINT, &before_[0], nullptr);
    sigaction(SIGTERM, &before_[1], nullptr);
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  struct sigaction before_[2]{};
};

struct ImportGiven {
  std::vector<std::string> files;
  std::string data, playbook, basis, map, source = "import";
  bool as_json = false, again = false, traits = false, enriched = false;
};

// --- one file -----------------------------------------------------------------------------------

// What all files of one command share.
struct Importing {
  Engine& engine;
  Source source;
  std::optional<ColumnMap> map;
  std::string data, basis, map_hash;
  bool traits = false;
  std::size_t shown_rejections = 0;
  bool failed = false;
};

struct Chunk {
  std::vector<Record> records;
  ImportNote after;   // what to note once this chunk is durable; `stored` … are added then
  bool done = false;  // guarded by the importer's mutex, as is `result`
  Result<TrackCounts> result = TrackCounts{};
};

class FileImport {
 public:
  FileImport(Importing& shared, std::string path, ImportNote note)
      : shared_(shared), path_(std::move(path)), note_(std::move(note)), read_to_(note_) {}
  ~FileImport() { wait_for(0); }  // callbacks refer to this

  // Reads to the end, an interrupt or a failure; note() tells how far it came.
  Status run(Progress& progress) {
    std::ifstream in(path_, std::ios::binary);
    if (!in) return make_error(ErrorCode::kNotFound, "cannot open the file", path_);
    TACT_TRY(open_rejected());
    const std::unique_ptr<Rows> rows = make_rows(in, shared_.map, shared_.traits, path_);
    TACT_TRY(skip_noted(*rows, progress));
    bool more = true;
    while (more && interrupted == 0 && problem_.has_value()) {
      more = send_chunk(*rows);
      if (person_is_full_ || lines_of_person_.size() > kPersons) {
        wait_for(0);
        lines_of_person_.clear();
        person_is_full_ = false;
      }
      wait_for(kChunksInFlight - 1);
      progress.update(note_.line);
    }
    wait_for(0);
    if (in.bad())
      problem_ =
          make_error(ErrorCode::kUnavailable, "the file could not be read to its end", path_);
    TACT_TRY(problem_);
    if (more) return ok();
    note_ = with_counts_of(read_to_, note_);
    note_.finished = true;
    rejected_.flush();
    return save_note(shared_.data, note_);
  }

  const ImportNote& note() const { return note_; }

 private:
  static ImportNote with_counts_of(ImportNote place, const ImportNote& counts) {
    place.stored = counts.stored;
    place.duplicate = counts.duplicate;
    place.without_consent = counts.without_consent;
    return place;
  }

  // Lines rejected beyond the note will be read and listed again.
  Status open_rejected() {
    const std::string file = rejected_path(shared_.data, note_.hash);
    std::error_code error;
    if (note_.rejected_bytes == 0) {
      std::filesystem::remove(file, error);
    } else {
      std::filesystem::resize_file(file, note_.rejected_bytes, error);
      if (error)
        return make_error(ErrorCode::kUnavailable, "cannot continue the list of rejected lines",
                          file);
    }
    rejected_.open(file, std::ios::app | std::ios::binary);
    if (!rejected_) return make_error(ErrorCode::kUnavailable, "cannot write", file);
    return ok();
  }

  Status skip_noted(Rows& rows, Progress& progress) {
    while (note_.line > 0 && interrupted == 0) {
      const auto row = rows.next();
      if (row.has_value() && !row->has_value()) break;
      if (rows.line() >= note_.line) break;
      progress.update(rows.line());
    }
    return ok();
  }

  void reject(std::size_t line, const Error& error) {
    ++read_to_.rejected;
    const std::string said = std::to_string(line) + "\t" + error.message + "\n";
    rejected_ << said;
    read_to_.rejected_bytes += said.size();
    if (shared_.shown_rejections++ >= kShownRejections) return;
    std::fprintf(stderr, "%s:%zu: %s\n", path_.c_str(), line, error.message.c_str());
    if (shared_.shown_rejections == kShownRejections) {
      std::fprintf(stderr, "… further rejected lines: %s\n",
                   rejected_path(shared_.data, note_.hash).c_str());
    }
  }

  void take(RawEvent raw, std::size_t line, const Playbook& playbook,
            std::vector<Record>& records) {
    if (raw.message_id.empty())
      raw.message_id = message_id_for(note_.hash + shared_.map_hash, line);
    const std::string& person = raw.user_id.empty() ? raw.anonymous_id : raw.user_id;
    if (++lines_of_person_[person] >= kPersonLines) person_is_full_ = true;
    const RequestInfo info{.source = &shared_.source,
                           .now = shared_.engine.now(),
                           .key = &shared_.engine.key(),
                           .imported = true};
    CollectNotes notes;
    auto record = collect_event(std::move(raw), info, playbook, &notes);
    for (const std::uint32_t dropped : notes.dropped) read_to_.personal_data += dropped;
    if (record.has_value()) {
      read_to_.bots += record->has(record_flags::kBot);
      return records.push_back(std::move(*record));
    }
    Error error = std::move(record).error();
    if (!error.where.empty()) error.message = error.where + ": " + error.message;
    reject(line, error);
  }

  // False at the end of the file.
  bool send_chunk(Rows& rows) {
    auto chunk = std::make_shared<Chunk>();
    const auto playbook = shared_.engine.playbook();
    bool more = true;
    for (std::size_t i = 0; i < kChunkEvents && !person_is_full_; ++i) {
      auto row = rows.next();
      if (row.has_value() && !row->has_value()) {
        more = false;
        break;
      }
      ++read_to_.read;
      if (row.has_value()) {
        take(std::move(**row), rows.line(), *playbook->playbook, chunk->records);
      } else {
        Error error = std::move(row).error();
        if (error.code == ErrorCode::kUnavailable) problem_ = error;
        const std::string here = path_ + ":" + std::to_string(rows.line());
        if (error.where.starts_with(here + ":"))
          error.message += " (cell " + error.where.substr(here.size() + 1) + ")";
        reject(rows.line(), error);
      }
      read_to_.line = rows.line();
    }
    rejected_.flush();
    chunk->after = read_to_;
    in_flight_.push_back(chunk);
    shared_.engine.track(std::move(chunk->records), [this, chunk](Result<TrackCounts> result) {
      const std::lock_guard lock(mutex_);
      chunk->result = std::move(result);
      chunk->done = true;
      durable_.notify_one();
    });
    return more;
  }

  // Until at most `left` chunks are in flight; notes how far all is durable.
  void wait_for(std::size_t left) {
    while (!in_flight_.empty()) {
      const std::shared_ptr<Chunk> first = in_flight_.front();
      {
        std::unique_lock lock(mutex_);
        if (in_flight_.size() > left) durable_.wait(lock, [&] { return first->done; });
        if (!first->done) return;
      }
      in_flight_.pop_front();
      settle(*first);
    }
  }

  void settle(const Chunk& chunk) {
    if (!problem_.has_value()) return;  // lines before these are missing
    if (!chunk.result.has_value()) {
      problem_ = chunk.result.error();
      return;
    }
    note_.stored += chunk.result->stored;
    note_.duplicate += chunk.result->duplicate;
    note_.without_consent += chunk.result->dropped_without_consent;
    note_ = with_counts_of(chunk.after, note_);
    if (const Status saved = save_note(shared_.data, note_); !saved.has_value()) problem_ = saved;
  }

  Importing& shared_;
  std::string path_;
  ImportNote note_;     // everything up to here is durable
  ImportNote read_to_;  // everything up to here was read
  std::ofstream rejected_;
  std::deque<std::shared_ptr<Chunk>> in_flight_;
  std::unordered_map<std::string, std::uint32_t> lines_of_person_;
  bool person_is_full_ = false;
  Status problem_ = ok();
  std::mutex mutex_;  // guards done and result of the chunks in flight
  std::condition_variable durable_;
};

// --- the command --------------------------------------------------------------------------------

Result<std::optional<ColumnMap>> read_map(const std::string& path, std::string& hash) {
  if (path.empty()) return std::optional<ColumnMap>();
  std::ifstream in(path, std::ios::binary);
  if (!in) return make_error(ErrorCode::kNotFound, "cannot open the column map", path);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  auto map = parse_column_map(text);
  if (!map.has_value()) {
    Error error = std::move(map).error();
    error.where = error.where.empty() ? path : path + ":" + error.where;
    return error;
  }
  hash = content_hash(text).to_text().substr(3, 16);
  return std::optional<ColumnMap>(std::move(*map));
}

// The place to start from: the noted one, or the file's beginning.
Result<ImportNote> starting_note(const Importing& shared, const ImportGiven& given,
                                 const FileIdentity& file, const std::string& path) {
  ImportNote fresh{
      .hash = file.hash, .file = path, .basis = given.basis, .map_hash = shared.map_hash};
  TACT_ASSIGN(const auto noted, load_note(shared.data, file.hash));
  if (!noted || given.again) return fresh;
  if (noted->map_hash != shared.map_hash) {
    return make_error(
        ErrorCode::kConflict,
        "this file was imported before with another column map; with --again every line is stored "
        "once more, as the event this map makes of it",
        path);
  }
  return *noted;
}

void say_start(const ImportNote& note, const std::string& path, std::uint64_t lines) {
  if (note.finished) {
    std::fprintf(stderr,
                 "%s: was imported already: %s lines, %s stored (--again reads it once more)\n",
                 path.c_str(), with_thousands(note.read).c_str(),
                 with_thousands(note.stored + note.duplicate).c_str());
  } else if (note.line > 0) {
    std::fprintf(stderr, "%s: goes on behind line %s of %s\n", path.c_str(),
                 with_thousands(note.line).c_str(), with_thousands(lines).c_str());
  }
}

json::object to_json(const ImportNote& note, const std::string& path, bool before) {
  return {{"file", path},
          {"hash", note.hash},
          {"finished", note.finished},
          {"finished_before", before},
          {"read", note.read},
          {"stored", note.stored},
          {"duplicate", note.duplicate},
          {"without_consent", note.without_consent},
          {"rejected", note.rejected},
          {"personal_data_dropped", note.personal_data},
          {"bots", note.bots}};
}

Result<json::object> import_file(Importing& shared, const ImportGiven& given,
                                 const std::string& path) {
  TACT_ASSIGN(const FileIdentity file, identify(path));
  TACT_ASSIGN(ImportNote note, starting_note(shared, given, file, path));
  say_start(note, path, file.lines);
  if (note.finished) return to_json(note, path, true);
  Progress progress(path + ": line", file.lines);
  FileImport import(shared, path, std::move(note));
  const Status status = import.run(progress);
  if (status.has_value() && import.note().finished) progress.update(file.lines);
  progress.finish();
  if (!status.has_value()) {
    fail(status.error(),
         "the same command again: it goes on behind line " + std::to_string(import.note().line));
    shared.failed = true;
  }
  return to_json(import.note(), path, false);
}

std::uint64_t sum(const json::array& files, std::string_view key) {
  std::uint64_t total = 0;
  for (const json::value& file : files)
    total += file.as_object().at(key).to_number<std::uint64_t>();
  return total;
}

void print_end(const json::array& files, double seconds) {
  std::printf("%s\n", bold("Imported").c_str());
  for (const char* key : {"read", "stored", "duplicate", "without_consent", "rejected",
                          "personal_data_dropped", "bots"}) {
    std::string label = key;
    std::replace(label.begin(), label.end(), '_', ' ');
    std::printf("  %-21s %12s\n", label.c_str(), with_thousands(sum(files, key)).c_str());
  }
  std::printf("  %-21s %10.1f s\n  %-21s %9.0f MB\n", "time", seconds, "peak memory",
              peak_memory_mb());
}

Result<std::unique_ptr<Engine>> open_engine(const ImportGiven& given) {
  TACT_ASSIGN(const PlaybookFiles playbook, read_good_playbook(given.playbook));
  std::error_code error;
  std::filesystem::create_directories(given.data + "/imports", error);
  TACT_ASSIGN(const KeyRing keys, KeyRing::open(given.data));
  EngineOptions options;
  options.data_directory = given.data;
  return Engine::open(options, keys.install_key(), playbook);
}

int end_of(const json::array& files, const Importing& shared) {
  const bool nothing_read = sum(files, "read") > 0 && sum(files, "read") == sum(files, "rejected");
  if (interrupted != 0) {
    std::fprintf(stderr, "Stopped. What was stored stays; the same command goes on from here.\n");
    return 1;
  }
  if (nothing_read)
    std::fprintf(stderr, "Not one line could be read: %s\n",
                 shared.map ? "is it the right column map (--map)?"
                            : "it is not Segment JSON; delimited text needs a column map (--map)");
  else if (sum(files, "rejected") > 0)
    std::fprintf(stderr, "Rejected lines are listed in %s/imports/*.rejected\n",
                 shared.data.c_str());
  return shared.failed || nothing_read ? 1 : 0;
}

int import_files(const ImportGiven& given) {
  const auto started = std::chrono::steady_clock::now();
  const Interruptible signals;
  std::string map_hash;
  auto map = read_map(given.map, map_hash);
  if (!map.has_value()) return wrong_use(map.error());
  set_log_level(LogLevel::kWarning);
  auto engine = open_engine(given);
  if (!engine.has_value()) {
    if (engine.error().code == ErrorCode::kConflict)
      return fail(engine.error(), "stop the server that has it open for the time of the import");
    return fail_with_playbook(engine.error(), given.playbook);
  }
  if ((*engine)->simulated()) {
    return fail(
        make_error(ErrorCode::kConflict, "this data directory holds a simulation", given.data),
        "import into another directory: --data");
  }
  Importing shared{.engine = **engine,
                   .source = import_source(given.basis),
                   .map = std::move(*map),
                   .data = given.data,
                   .basis = given.basis,
                   .map_hash = map_hash,
                   .traits = given.traits};
  shared.source.name = given.source;
  shared.source.enriched = given.enriched;
  json::array files;
  for (const std::string& path : given.files) {
    if (interrupted != 0 || shared.failed) break;
    auto done = import_file(shared, given, path);
    if (done.has_value()) {
      files.push_back(std::move(*done));
    } else {
      fail(done.error(), "the same command again, when that is mended");
      shared.failed = true;
    }
  }
  engine->reset();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  if (given.as_json) {
    const json::object out{{"files", files},
                           {"seconds", seconds},
                           {"peak_memory_mb", peak_memory_mb()},
                           {"interrupted", interrupted != 0}};
    std::printf("%s\n", to_pretty_string(out).c_str());
  } else {
    print_end(files, seconds);
  }
  return end_of(files, shared);
}

constexpr const char* kFooter =
    "Without --map a file is Segment-shaped JSON, one event a line; with --traits\n"
    "{\"userId\": …, \"company_size\": 50, …} is enough. A line's own messageId is "
    "kept;\n"
    "else it is made of the file's hash and the line, so that a line read twice is stored once.\n"
    "Interrupted or killed, the same command goes on where everything is durable. --again reads a\n"
    "finished file once more: what a visitor's last 1,000 messages of 30 days hold counts as\n"
    "duplicate, anything older is stored a second time.\n"
    "Exit status: 0 also with rejected lines (DATA/imports/HASH.rejected lists them), 1 if "
    "nothing\n"
    "could be read or stored, or if it was interrupted, 2 wrong use.";

}  // namespace

void add_import(CLI::App& app, Run& run) {
  auto given = std::make_shared<ImportGiven>();
  CLI::App* command =
      app.add_subcommand("import", "Read past events from files into a data directory");
  command->add_option("FILE", given->files, "Segment JSONL, or delimited text with --map")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_option("--data", given->data, "Data directory; made if it does not exist")
      ->required();
  command->add_option("--playbook", given->playbook, "Folder with the playbook's YAML")
      ->required()
      ->check(CLI::ExistingDirectory);
  command
      ->add_option("--basis", given->basis,
                   "On which lawful basis these people's data is used, in words")
      ->required();
  command->add_option("--map", given->map, "Column map: which column is which member")
      ->check(CLI::ExistingFile);
  command->add_flag("--traits", given->traits,
                    "Every line tells facts of one customer: userId, timestamp, traits");
  command->add_option("--source", given->source, "Who tells them, as facts.yaml names it (import)");
  command->add_flag("--enriched", given->enriched,
                    "They are bought or guessed: used only where facts.yaml says so");
  command->add_flag("--again", given->again, "Read files again that were imported before");
  command->add_flag("--json", given->as_json, "Print the counts as JSON");
  command->footer(kFooter);
  command->callback([&run, given] {
    run = [given] {
      if (given->source.empty() || given->source == kVisitorOrigin) {
        return wrong_use(make_error(ErrorCode::kInvalid,
                                    "--source names who tells the facts; a visitor tells them by "
                                    "the SDK"),
                         "--source crm");
      }
      if (given->basis.find_first_not_of(" \t") == std::string::npos) {
        return wrong_use(
            make_error(ErrorCode::kInvalid, "--basis is empty; it names the lawful basis"),
            "--basis \"contract\"");
      }
      return import_files(*given);
    };
  });
}

}  // namespace tact::cli
