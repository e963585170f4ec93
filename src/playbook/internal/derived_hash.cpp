// What a visitor's derived state depends on: the signals, in order, without the words that only
// people read. Two playbooks with the same value can share derived state; a change refolds it.
#include <charconv>

#include "base/bytes.h"
#include "base/hash.h"
#include "playbook/internal/compiler.h"

namespace tact::playbook_internal {
namespace {

constexpr std::uint64_t kVersion = 1;  // of this function: raise it when the bytes below change

void write(ByteWriter& writer, const Expression& expression) {
  writer.u8(static_cast<std::uint8_t>(expression.op));
  writer.bytes(expression.field);
  writer.u8(static_cast<std::uint8_t>(expression.literal.index()));
  if (const bool* flag = std::get_if<bool>(&expression.literal)) writer.u8(*flag ? 1 : 0);
  if (const double* number = std::get_if<double>(&expression.literal)) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof(text), *number).ptr;
    writer.bytes(std::string_view(text, static_cast<std::size_t>(end - text)));
  }
  if (const auto* text = std::get_if<std::string>(&expression.literal)) writer.bytes(*text);
  writer.varint(expression.children.size());
  for (const Expression& child : expression.children) write(writer, child);
}

}  // namespace

std::uint64_t derived_hash(const Playbook& playbook) {
  ByteWriter writer;
  writer.varint(kVersion);
  writer.varint(playbook.signals.size());
  for (const Signal& signal : playbook.signals) {
    writer.bytes(signal.id);
    writer.u8(static_cast<std::uint8_t>(signal.seen.kind));
    writer.bytes(signal.seen.name);
    writer.u8(static_cast<std::uint8_t>(signal.seen.builtin));
    writer.bytes(signal.seen.question);
    writer.bytes(signal.seen.answer);
    writer.u8(static_cast<std::uint8_t>(signal.about));
    writer.zigzag(signal.half_life.count());
    writer.u8(signal.counts_against ? 1 : 0);
    writer.u8(signal.where ? 1 : 0);
    if (signal.where) write(writer, *signal.where);
  }
  return hash64(writer.str());
}

}  // namespace tact::playbook_internal
