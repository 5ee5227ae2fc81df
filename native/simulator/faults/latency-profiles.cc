#include "latency-profiles.h"

namespace hc::simulator {

// Nobody has published how long the operations of HCS take. The figures are of whole runs of a
// container, from the command to its end; how they are divided into operations is ours. Where a
// range was published, the middle is divided and the jitter gives the range again.
//
// The phases: Create, Start, Pause, Resume, Save, Shutdown, Terminate.
const Profile kProfiles[kProfileCount] = {
    {u"none", {}, u"", u"", u"No operation takes time."},
    {u"nanoserver-process",
     {{350, 900, 0, 0, 0, 250, 250}, 0.33},
     u"1 to 2 s for process isolation; a general statement without a method",
     u"https://oneuptime.com/blog/post/"
     u"2026-02-08-how-to-set-up-hyper-v-isolation-for-windows-containers/view",
     u"That the smallest image is meant. Our division of 1.5 s: Create 350 ms, Start 900 ms, the "
     u"end 250 ms."},
    {u"nanoserver-hyperv",
     {{700, 2400, 0, 0, 0, 400, 400}, 0.15},
     u"3 to 4 s for docker run of dotnet/sdk:8.0.203-nanoserver-1809, Hyper-V isolation; a user",
     u"https://github.com/microsoft/Windows-Containers/issues/478",
     u"Our division of 3.5 s: Create 700 ms, Start 2,400 ms, the end 400 ms."},
    {u"servercore-process",
     {{1000, 3900, 0, 0, 0, 510, 510}, 0},
     u"5.41 s for docker run --rm of Server Core 19023 with powershell echo 1; measured",
     u"https://devblogs.microsoft.com/powershell/"
     u"improvements-in-windows-powershell-container-images/",
     u"That process isolation was used. The figure includes the start of PowerShell. Our division: "
     u"Create 1,000 ms, Start 3,900 ms, the end 510 ms."},
    {u"servercore-hyperv",
     {{3500, 12800, 0, 0, 0, 700, 700}, 0.12},
     u"15 to 19 s for docker run of dotnet/sdk:8.0.203-windowsservercore-ltsc2019, Hyper-V "
     u"isolation, 5 s once when repeated; a user",
     u"https://github.com/microsoft/Windows-Containers/issues/478",
     u"Our division of 17 s: Create 3,500 ms, Start 12,800 ms, the end 700 ms."},
    {u"rare-stall",
     {{}, 0, 2.0 / 1200, 300'000},
     u"2 of 1,200 containers hang in Start for about five minutes; a user",
     u"https://github.com/microsoft/hcsshim/issues/801",
     u"That the others take no time, so that nothing else is measured."},
};

}  // namespace hc::simulator
