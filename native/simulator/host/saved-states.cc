// Saved states of virtual machines, by the path of the file that would hold them. No file is
// written.
#include "host.h"

namespace hc::simulator {

SavedState savedStateOf(const ComputeSystem& system) {
  SavedState state;
  state.linuxGuest = system.document.linuxGuest;
  state.memoryInMB = system.memoryInMB;
  state.ran = system.ranBefore;
  if (system.started) state.ran += Clock::now() - *system.started;
  return state;
}

Outcome Host::featuresOf(std::u16string_view savedState) {
  std::lock_guard lock(mutex_);
  if (!connected_) return lost_;
  if (savedStates_.count(std::u16string(savedState)) == 0)
    return fail(kFileNotFound, u"No state was saved there.", std::u16string(savedState));
  // Every processor of this host is the same.
  return answer(
      u"{\"ProcessorFeatures\":[\"Sse3\",\"LahfSahf\",\"Ssse3\",\"Sse4_1\",\"Sse4_2\"],"
      u"\"XsaveProcessorFeatures\":[\"Xsave\",\"Avx\"]}");
}

// A new system whose document asks for it gets what was saved: from a file, or as the clone of a
// template that lives. It is started to go on from there.
Outcome Host::restore(ComputeSystem& system) {
  const SystemDocument& document = system.document;
  SavedState state;
  if (!document.templateId.empty()) {
    constexpr std::u16string_view kMember = u"$.VirtualMachine.RestoreState.TemplateSystemId";
    const SystemPointer original = findSystem(document.templateId, system.idNamespace);
    if (!original) {
      return fail(Condition::SystemNotFound,
                  std::u16string(kMember) + u" must be the id of a system that has not stopped.",
                  document.templateId);
    }
    if (original->state != State::SavedAsTemplate) {
      return fail(
          Condition::InvalidState,
          std::u16string(kMember) + u" must be the id of a system that was saved as a template.",
          document.templateId);
    }
    state = savedStateOf(*original);
  } else if (!document.restorePath.empty()) {
    const auto at = savedStates_.find(document.restorePath);
    if (at == savedStates_.end()) {
      return fail(
          kFileNotFound,
          u"$.VirtualMachine.RestoreState.SaveStateFilePath must be the path of a saved state.",
          document.restorePath);
    }
    state = at->second;
  } else {
    return {};
  }
  system.document.linuxGuest = state.linuxGuest;
  system.memoryInMB = state.memoryInMB;
  system.ranBefore = state.ran;
  return {};
}

}  // namespace hc::simulator
