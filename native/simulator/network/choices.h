// What no source says of the Host Network Service, and this simulator had to choose. Each choice is
// made here and nowhere else.
#pragma once

#include "codes.h"
#include "document.h"

namespace hc::simulator::network {

// Deleting a namespace that still has endpoints is refused, so that a teardown in the wrong order
// is found out. With containers it is refused by the real service.
constexpr HResult kNamespaceHasEndpoints = kEntityHasReferences;
// Deleting an endpoint takes it out of its namespace, of load balancers and of routes.
constexpr bool kEndpointLeavesNamespace = true;
// A second namespace of the type HostDefault is created; clients avoid it and do it.
constexpr bool kManyDefaultNamespaces = true;
// An endpoint that is in a namespace can be added to no namespace, not even to the same one.
constexpr HResult kEndpointInNamespace = kEndpointNamespaceExists;
// Taking out what is not in a namespace.
constexpr HResult kNotInNamespace = kEndpointNotAttached;
// Where the argument and the document name different ids, the argument counts.
constexpr bool kArgumentWins = true;
// An id that is in use. Of a network it is the code of a name that is in use.
constexpr HResult kIdExists = kAlreadyExists;
// Load balancers and routes have no code of their own for "not found".
constexpr HResult kOtherNotFound = kNotFound;
// A pool that has no address left, and an address that is taken, of either kind.
constexpr HResult kAddressTaken = kAddressInvalidOrReserved;
// A gateway that is not within the subnet of its route, subnets of a network that overlap, and more
// than one subnet of a family on a network type that has one.
constexpr HResult kBadSubnet = kInvalidSubnet;
// A range that is not within its subnet.
constexpr HResult kBadIpSubnet = kInvalidIpSubnet;
// Update of the policies of an endpoint replaces them all; with one empty policy it takes away the
// proxies and nothing else.
constexpr bool kUpdateReplacesAll = true;
// Creating an endpoint that is in a namespace from the start.
constexpr HResult kCreatedInNamespace = kInvalidArgument;
// HNSCall answers a failed POST with a failed HRESULT and no response, and anything else with
// success and an envelope that says what failed: the service has been seen to do both.
constexpr bool kPostFailsByStatus = true;
// What a service is too old for, where it is no policy: documents and queries of the second schema,
// a second family of addresses, flags and affinities of load balancers, accelerated networking. A
// policy, or what an ACL says, is refused as one that is not known.
constexpr HResult kTooOld = kRequestUnsupported;
// Modifying a load balancer, which clients try first.
constexpr HResult kNoModify = kNotImplemented;
// A failure of the connection to the service fails HNSCall by its status in any case: there is no
// service to answer.
constexpr bool kLossFailsByStatus = true;
// What a client that crashed has left behind is called.
constexpr Name kLeftBehind = u"left-behind";
// A document that names a namespace or an endpoint that there is not fails the create of its system
// at once, as Windows was seen to for namespaces. What a container of a utility VM names is the
// guest's to look for, and is not looked at. Configure's UnknownNetworks takes such documents, and
// leaves out what is not there.
//
// NetworkAdapters of a process-isolated container are endpoints of its own, as those of an
// EndpointList are. An endpoint is attached to one system, and to the containers that share its
// network; one that is in a namespace can be an adapter of a virtual machine all the same.
//
// Detaching an endpoint from what it is not attached to.
constexpr HResult kNotAttached = kEndpointNotAttached;
// Combined flags as text are separated by commas.
constexpr char16_t kFlagSeparator = u',';
// Callbacks come one at a time, in order, on a thread of the service; unregistering waits for one
// that runs. A client must rely on none of that.

}  // namespace hc::simulator::network
