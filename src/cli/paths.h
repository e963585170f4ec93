// Where things are: the data directory, its keys, the running server.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "collect/source.h"
#include "engine/playbooks.h"
#include "playbook/compile.h"
#include "store/store.h"

namespace tact::cli {

// As read_playbook_folder; kInvalid with the first mistake where it is none. Asked before anything
// is made that would be left behind.
Result<PlaybookFiles> read_good_playbook(const std::string& folder);

// A data directory opened without an engine, for commands that only look.
struct OpenedData {
  KeyRing keys;
  std::unique_ptr<Store> store;
  std::unique_ptr<Playbooks> playbooks;  // the last published one is current
};
// kConflict if a server has it open, kNotFound if it is no data directory.
Result<OpenedData> open_data(const std::string& directory);

// DATA/address: where the server that has DATA open listens, "http://127.0.0.1:8080".
Status write_address(const std::string& directory, const std::string& address);
void remove_address(const std::string& directory);

// GET from the server that has the data directory open, with its secret key. kUnavailable if none
// has, kNotFound if it is no data directory.
Result<json::value> ask_server(const std::string& directory, const std::string& target);
// The same, whatever the answer is made of.
Result<std::string> ask_server_text(const std::string& directory, const std::string& target);

// POST without a body: what changes something.
Result<json::value> tell_server(const std::string& directory, const std::string& target);

// For a part of a target.
std::string percent_encode(const std::string& text);

// The playbook of `tact demo` when none is named: that of the source tree.
std::string default_playbook();

}  // namespace tact::cli
