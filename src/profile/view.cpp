#include "profile/view.h"

#include "base/hash.h"

namespace tact {

std::string_view View::page_category() const {
  const std::string_view own =
      product.id.empty() || product.category.empty() ? category : product.category;
  return own.substr(0, own.find('/'));
}

std::string_view View::subject(Subject about) const {
  switch (about) {
    case Subject::kNothing:
      return {};
    case Subject::kProduct:
      return product.id;
    case Subject::kCategory:
      return page_category();
  }
  return {};
}

const SignalState* View::signal(int index, std::string_view subject_id) const {
  const Signal& definition = playbook.signals[static_cast<std::size_t>(index)];
  return profile.derived.find(hash64(definition.id), subject_id);
}

ConsentContext consent_context(std::uint8_t flags, std::string_view region,
                               const Playbook& playbook, Time now) {
  return {.basis_granted = (flags & record_flags::kBasisGranted) != 0,
          .gpc = (flags & record_flags::kGpc) != 0,
          .bases = playbook.guards.bases_in(region),
          .now = now};
}

}  // namespace tact
