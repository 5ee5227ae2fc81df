// A program of somebody else: it knows the documented API of Windows and nothing of this package.
// It finds the DLLs as hcsshim does, by their names, in System32 or with an argument `app` beside
// itself. It prints a line for each thing that it does.
//
//   client.exe DISK [app]
#include <windows.h>

#include <cstdint>
#include <cstdio>
#include <string>

namespace {

DWORD searched = LOAD_LIBRARY_SEARCH_SYSTEM32;

template <class Function>
Function* find(const wchar_t* dll, const char* name) {
  const HMODULE module = LoadLibraryExW(dll, nullptr, searched);
  auto* found =
      module == nullptr
          ? nullptr
          : reinterpret_cast<Function*>(reinterpret_cast<void*>(GetProcAddress(module, name)));
  if (found != nullptr) return found;
  std::printf("%ls has no %s: %lu\n", dll, name, GetLastError());
  std::fflush(stdout);
  ExitProcess(3);
}

#define CORE(type, name) auto* const name = find<type>(L"computecore.dll", #name)
#define STORAGE(type, name) auto* const name = find<type>(L"computestorage.dll", #name)
#define DISK(type, name) auto* const name = find<type>(L"virtdisk.dll", #name)

using Handle = void*;

struct ProcessInformation {
  DWORD processId, reserved;
  HANDLE input, output, error;
};

// Ends an operation; the result is not looked at.
HRESULT finish(Handle operation) {
  static CORE(HRESULT WINAPI(Handle, DWORD, wchar_t**), HcsWaitForOperationResult);
  static CORE(void WINAPI(Handle), HcsCloseOperation);
  wchar_t* result = nullptr;
  const HRESULT status = HcsWaitForOperationResult(operation, INFINITE, &result);
  LocalFree(result);
  HcsCloseOperation(operation);
  return status;
}

void say(const char* what, HRESULT status) {
  std::printf("%s 0x%08lX\n", what, static_cast<unsigned long>(status));
}

// The host's end is overlapped.
std::string readAll(HANDLE pipe) {
  std::string text;
  for (;;) {
    char bytes[256];
    DWORD count = 0;
    OVERLAPPED operation = {};
    operation.hEvent = CreateEventW(nullptr, TRUE, FALSE, nullptr);
    const bool begun = ReadFile(pipe, bytes, sizeof bytes, nullptr, &operation) ||
                       GetLastError() == ERROR_IO_PENDING;
    const bool done = begun && GetOverlappedResult(pipe, &operation, &count, TRUE);
    CloseHandle(operation.hEvent);
    if (!done || count == 0) return text;
    text.append(bytes, count);
  }
}

Handle newOperation() {
  static CORE(Handle WINAPI(void*, void*), HcsCreateOperation);
  return HcsCreateOperation(nullptr, nullptr);
}

void runProcess(Handle system) {
  CORE(HRESULT WINAPI(Handle, const wchar_t*, Handle, void*, Handle*), HcsCreateProcess);
  CORE(HRESULT WINAPI(Handle, DWORD, ProcessInformation*, wchar_t**),
       HcsWaitForOperationResultAndProcessInfo);
  CORE(HRESULT WINAPI(Handle, DWORD, wchar_t**), HcsWaitForProcessExit);
  CORE(void WINAPI(Handle), HcsCloseProcess);
  CORE(void WINAPI(Handle), HcsCloseOperation);
  const Handle operation = newOperation();
  Handle process = nullptr;
  HcsCreateProcess(system, LR"({"CommandLine":"cmd /c echo hello","CreateStdOutPipe":true})",
                   operation, nullptr, &process);
  ProcessInformation information = {};
  wchar_t* result = nullptr;
  say("process",
      HcsWaitForOperationResultAndProcessInfo(operation, INFINITE, &information, &result));
  HcsCloseOperation(operation);
  LocalFree(result);
  std::printf("output %s", readAll(information.output).c_str());
  std::printf("output closed %d\n", CloseHandle(information.output));
  say("exit of the process", HcsWaitForProcessExit(process, INFINITE, &result));
  std::printf("%ls\n", result == nullptr ? L"" : result);
  LocalFree(result);
  HcsCloseProcess(process);
}

void runSystem() {
  CORE(HRESULT WINAPI(const wchar_t*, const wchar_t*, Handle, void*, Handle*),
       HcsCreateComputeSystem);
  CORE(HRESULT WINAPI(Handle, Handle, const wchar_t*), HcsStartComputeSystem);
  CORE(HRESULT WINAPI(Handle, Handle, const wchar_t*), HcsTerminateComputeSystem);
  CORE(void WINAPI(Handle), HcsCloseComputeSystem);
  const wchar_t* const document =
      LR"({"Owner":"a-program","SchemaVersion":{"Major":2,"Minor":1},"Container":{"Storage":{
    "Path":"\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\",
    "Layers":[{"Id":"b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02","Path":"D:\\layers\\base"}]}}})";
  Handle system = nullptr;
  Handle operation = newOperation();
  HcsCreateComputeSystem(L"web", document, operation, nullptr, &system);
  say("create", finish(operation));
  operation = newOperation();
  HcsStartComputeSystem(system, operation, nullptr);
  const HRESULT started = finish(operation);
  say("start", started);
  if (SUCCEEDED(started)) runProcess(system);
  operation = newOperation();
  HcsTerminateComputeSystem(system, operation, nullptr);
  say("terminate", finish(operation));
  HcsCloseComputeSystem(system);
}

// As Windows has them, version 2; mingw's header lacks a member.
struct CreateParameters {
  DWORD version;
  GUID id;
  std::uint64_t size;
  DWORD blockSize, sectorSize, physicalSectorSize;
  const wchar_t *parent, *source;
  DWORD openFlags;
  DWORD types[10];
  GUID resiliency;
};
static_assert(sizeof(CreateParameters) == 128, "CREATE_VIRTUAL_DISK_PARAMETERS");

// The handles are closed by CloseHandle alone: virtdisk.dll has no function that does.
void useDisk(const wchar_t* path) {
  DISK(DWORD WINAPI(void*, const wchar_t*, DWORD, void*, DWORD, DWORD, void*, void*, HANDLE*),
       CreateVirtualDisk);
  DISK(DWORD WINAPI(void*, const wchar_t*, DWORD, DWORD, void*, HANDLE*), OpenVirtualDisk);
  DISK(DWORD WINAPI(HANDLE, void*, DWORD, DWORD, void*, void*), AttachVirtualDisk);
  DISK(DWORD WINAPI(HANDLE, DWORD*, wchar_t*), GetVirtualDiskPhysicalPath);
  STORAGE(HRESULT WINAPI(HANDLE), HcsFormatWritableLayerVhd);
  STORAGE(HRESULT WINAPI(HANDLE, wchar_t**), HcsGetLayerVhdMountPath);
  DWORD type[5] = {};
  CreateParameters parameters = {};
  parameters.version = 2;
  parameters.size = 20ull << 20;
  HANDLE disk = nullptr;
  HANDLE again = nullptr;
  std::printf("disk %lu\n",
              CreateVirtualDisk(type, path, 0, nullptr, 0, 0, &parameters, nullptr, &disk));
  std::printf("attach %lu\n", AttachVirtualDisk(disk, nullptr, 0, 0, nullptr, nullptr));
  say("format", HcsFormatWritableLayerVhd(disk));
  wchar_t* volume = nullptr;
  say("mount path", HcsGetLayerVhdMountPath(disk, &volume));
  LocalFree(volume);
  const HANDLE self = GetCurrentProcess();
  DuplicateHandle(self, disk, self, &again, 0, FALSE, DUPLICATE_SAME_ACCESS);
  std::printf("closed %d\n", CloseHandle(disk));
  wchar_t drive[64];
  DWORD bytes = sizeof drive;
  std::printf("attached while a duplicate is open %lu\n",
              GetVirtualDiskPhysicalPath(again, &bytes, drive));
  CloseHandle(again);
  std::printf("closed handle %lu\n", GetVirtualDiskPhysicalPath(again, &bytes, drive));
  DWORD open[7] = {2};
  std::printf("open %lu\n", OpenVirtualDisk(type, path, 0, 0, open, &disk));
  bytes = sizeof drive;
  std::printf("detached by the close %lu\n", GetVirtualDiskPhysicalPath(disk, &bytes, drive));
  CloseHandle(disk);
}

// What the page of the stand-ins says about leaks. The host may be that of another process.
void printState() {
  const wchar_t* const own = L"hostcompute-simulator.dll";
  const bool isOwn = GetModuleHandleW(own) != nullptr;
  auto* const control = find<HRESULT WINAPI(const wchar_t*, wchar_t**)>(
      isOwn ? own : L"hostcompute-remote.dll", "HcSimulatorControl");
  wchar_t* state = nullptr;
  control(LR"({"State":{}})", &state);
  const std::wstring text = state == nullptr ? L"" : state;
  std::printf("%ls\n", text.substr(text.find(L"\"Handles\""), 101).c_str());
  std::printf("%s\n", text.find(L"\"Open\":[]") == std::wstring::npos ? "something is open"
                                                                      : "nothing is open");
}

}  // namespace

int wmain(int count, wchar_t** arguments) {
  if (count > 2) searched = LOAD_LIBRARY_SEARCH_APPLICATION_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32;
  runSystem();
  useDisk(arguments[1]);
  printState();
  std::fflush(stdout);
  return 0;
}
