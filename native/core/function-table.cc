#include "function-table.h"

namespace hc {

namespace {

template <class... Parameters>
constexpr std::array<ParameterEntry, sizeof...(Parameters)> parametersOf(
    const std::tuple<Parameters...>& parameters) {
  return std::apply(
      [](const auto&... each) {
        return std::array<ParameterEntry, sizeof...(Parameters)>{
            ParameterEntry{Parameters::kWay, Parameters::Kind::kName, each.name,
                           kHandleKind<typename Parameters::Kind>,
                           kObjectFunctions<typename Parameters::Kind>}...};
      },
      parameters);
}

template <class Function>
constexpr auto kParametersOf = parametersOf(Function::kParameters);

template <class... Parameters>
constexpr bool opensHandle(const std::tuple<Parameters...>*) {
  return ((kIsOut<Parameters> && kIsHandle<typename Parameters::Kind>) || ...);
}

template <class... Parameters>
constexpr OperationKind operationOf(const std::tuple<Parameters...>*) {
  if ((std::is_same_v<Parameters, In<ProcessOperation>> || ...)) return OperationKind::Process;
  return (std::is_same_v<Parameters, In<TextOperation>> || ...) ? OperationKind::Text
                                                                : OperationKind::None;
}

template <class... Parameters>
constexpr bool isOnHandle(const std::tuple<Parameters...>*) {
  return ((!kIsOut<Parameters> && kIsHandle<typename Parameters::Kind>) || ...);
}

template <class Function, class... Others>
constexpr bool isOneOf() {
  return (std::is_same_v<Function, Others> || ...);
}

template <class Function>
constexpr FunctionEntry makeEntry() {
  return {Function::kLibrary,
          Function::kName,
          Function::kKey,
          Function::kCompletion,
          isOneOf<Function, functions::vmcompute::HcsCreateComputeSystem,
                  functions::vmcompute::HcsCreateProcess,
                  functions::computecore::HcsCreateComputeSystem,
                  functions::computecore::HcsCreateComputeSystemInNamespace,
                  functions::computecore::HcsCreateProcess>(),
          opensHandle(&Function::kParameters),
          operationOf(&Function::kParameters),
          opensHandle(&Function::kParameters) ||
              (operationOf(&Function::kParameters) != OperationKind::None &&
               !isOnHandle(&Function::kParameters)),
          kParametersOf<Function>.data(),
          kParametersOf<Function>.size(),
          kInvoke<Function>};
}

template <class... Functions>
constexpr std::array<FunctionEntry, kFunctionCount> makeTable(List<Functions...>) {
  return {makeEntry<Functions>()...};
}

}  // namespace

// No object with a constructor: threads outlive those.
constexpr std::array<FunctionEntry, kFunctionCount> kFunctions = makeTable(FunctionList{});

}  // namespace hc
