// The classes `Unpack`, of the thread that reads an archive, and `UnpackPlanner`, of the one that
// plans what becomes of it. They meet in one hc::archive::Unpack, which both keep.
#pragma once

#include <napi.h>

namespace hc::node {

Napi::Function defineUnpack(Napi::Env env);
Napi::Function defineUnpackPlanner(Napi::Env env);

}  // namespace hc::node
