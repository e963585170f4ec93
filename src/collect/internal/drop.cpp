#include "collect/internal/drop.h"

#include <algorithm>
#include <string>
#include <vector>

#include "collect/internal/fields.h"
#include "collect/internal/personal_data.h"

namespace tact::internal {
namespace {

bool is_form_value(std::string_view key) {
  return key == "value" || key == "values" || key == "input";
}

bool is_typed_property(std::string_view key) {
  return std::find(kTypedProperties.begin(), kTypedProperties.end(), key) != kTypedProperties.end();
}

// Eight digits or more: a BSN has nine, the first of which may be 0. Most numbers are quantities.
bool is_long_number(const json::value& value) {
  constexpr std::int64_t kLeast = 10'000'000;
  if (const auto* number = value.if_int64()) return *number >= kLeast;
  return value.is_uint64();  // over 2^63
}

class Walk {
 public:
  Walk(const Privacy& privacy, bool is_form, CollectNotes& notes)
      : privacy_(privacy), is_form_(is_form), notes_(notes) {}

  // `root`: properties, traits or context.
  void root(json::object& object, std::string_view root) {
    path_ = {root};
    drop_from(object, root == "properties");
  }

 private:
  void drop_from(json::object& object, bool is_first_level) {
    std::vector<std::string_view> gone;
    for (auto& member : object) {
      const std::string_view key = member.key();
      path_.push_back(key);
      if (const auto kind = judge(key, member.value(), is_first_level)) {
        ++notes_.dropped[static_cast<std::size_t>(*kind)];
        gone.push_back(key);
      }
      path_.pop_back();
    }
    if (!gone.empty()) erase(object, gone);
  }

  // In one pass: an event may be made of thousands of such members. `gone` is in the object's
  // order.
  static void erase(json::object& object, const std::vector<std::string_view>& gone) {
    json::object kept(object.size() - gone.size(), object.storage());
    auto next = gone.begin();
    for (auto& member : object) {
      if (next != gone.end() && member.key() == *next) {
        ++next;
      } else {
        kept.emplace(member.key(), std::move(member.value()));
      }
    }
    object = std::move(kept);
  }

  void drop_from(json::array& array, std::string_view key) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (const auto kind = judge_value(key, array[i])) {
        ++notes_.dropped[static_cast<std::size_t>(*kind)];
      } else {
        if (kept != i) array[kept] = std::move(array[i]);
        ++kept;
      }
    }
    array.resize(kept);
  }

  // Why the member goes; nullopt: it stays, perhaps without some of its own members.
  std::optional<Dropped> judge(std::string_view key, json::value& value, bool is_first_level) {
    if (is_form_ && is_form_value(key)) return Dropped::kFormValue;
    if (matches(privacy_.drop, key)) return Dropped::kLeftOut;
    if (is_first_level && privacy_.keep && !is_typed_property(key) && !is_kept(key)) {
      return Dropped::kLeftOut;
    }
    if (has_email(key)) return Dropped::kEmail;
    return judge_value(key, value);
  }

  std::optional<Dropped> judge_value(std::string_view key, json::value& value) {
    if (auto* object = value.if_object()) {
      drop_from(*object, false);
      return std::nullopt;
    }
    if (auto* array = value.if_array()) {
      drop_from(*array, key);
      return std::nullopt;
    }
    std::optional<Dropped> found;
    if (value.is_string()) {
      found = personal_data_in(value.get_string(), key);
    } else if (is_long_number(value)) {
      found = personal_data_in(to_string(value), key);
    }
    return found && !matches(privacy_.expected, key) ? found : std::nullopt;
  }

  bool is_kept(std::string_view key) const {
    return std::any_of(privacy_.keep->begin(), privacy_.keep->end(),
                       [key](const std::string& glob) { return glob_matches(glob, key); });
  }

  // A pattern with a dot is a path from the event, one without a member's name at any depth.
  bool matches(const std::vector<std::string>& patterns, std::string_view key) const {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
      const bool is_path = pattern.find('.') != std::string::npos;
      return is_path ? glob_matches(pattern, path()) : glob_matches(pattern, key);
    });
  }

  // Traits in the context, where RudderStack's clients put them, are traits.
  std::string path() const {
    const bool traits = path_.size() > 1 && path_[0] == "context" && path_[1] == "traits";
    std::string path(path_[traits ? 1 : 0]);
    for (std::size_t i = traits ? 2 : 1; i < path_.size(); ++i) path.append(".").append(path_[i]);
    return path;
  }

  const Privacy& privacy_;
  bool is_form_;
  CollectNotes& notes_;
  std::vector<std::string_view> path_;  // properties, address, street; items of lists add nothing
};

}  // namespace

void drop_members(RawEvent& raw, const Privacy& privacy, CollectNotes& notes) {
  const bool is_form = raw.type == EventType::kTrack && raw.name.starts_with("Form ");
  Walk walk(privacy, is_form, notes);
  walk.root(raw.properties, "properties");
  walk.root(raw.traits, "traits");
  walk.root(raw.context, "context");
}

}  // namespace tact::internal
