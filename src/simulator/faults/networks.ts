/**
 * Faults of the network service, by its functions and by `HNSCall`.
 *
 * @module
 */
import type { FaultFunction, FaultScenario } from './fault.js';

const families = ['Network', 'Namespace', 'Endpoint', 'LoadBalancer', 'SdnRoute'] as const;

/** One function of each family of objects. */
function ofEach(verb: 'Create' | 'Open' | 'Modify' | 'Delete'): FaultFunction[] {
  return families.map((family) => `computenetwork.Hcn${verb}${family}` as const);
}

const enumerations: readonly FaultFunction[] = families.map(
  (family) => `computenetwork.HcnEnumerate${family}s` as const,
);
const queries: readonly FaultFunction[] = families.map(
  (family) => `computenetwork.HcnQuery${family}Properties` as const,
);
const ofTheService: readonly FaultFunction[] = [
  'computenetwork.HcnCreateGuestNetworkService',
  'computenetwork.HcnOpenGuestNetworkService',
  'computenetwork.HcnRegisterServiceCallback',
];
const hnsCall: FaultFunction = 'vmcompute.HNSCall';

export const networks = [
  {
    name: 'hns-restarts',
    does: 'The Host Network Service restarts under containers that run. Networks and namespaces stay, endpoints are gone.',
    report: 'projectcalico/calico#5164',
    sees: 'Network events end with ServiceDisconnect. Handles of before answer `0x800706EF`. Endpoints are not found.',
    remedy: 'Open networks again by their ids, create the endpoints again, and start the containers anew.',
    rules: [],
    act: { restartNetworks: true },
  },
  {
    name: 'hns-not-started',
    does: 'The Host Network Service has not been started, until the fault is cleared.',
    report: 'microsoft/WSL#8781',
    sees: '`0x80070426` (ERROR_SERVICE_NOT_ACTIVE) from every call, also from `HNSCall`, as its HRESULT.',
    remedy: 'Start the service: `Start-Service hns`. Ask again for what it can; an answer of before says nothing.',
    rules: [...enumerations, ...ofEach('Create'), ...ofEach('Open'), ...ofEach('Delete'), ...ofTheService, hnsCall].map(
      (name) => ({ function: name, status: 0x80070426, count: 0 }),
    ),
  },
  {
    name: 'hns-rpc-broken',
    does: 'The RPC connection to the Host Network Service is broken after it has restarted.',
    report: 'microsoft/WSL#9634',
    sees: '`0x800706BF` (RPC_S_CALL_FAILED_DNE) from the next call of each function; nothing was done.',
    remedy: 'Open the objects again and repeat the call.',
    rules: [...ofEach('Create'), ...ofEach('Open'), ...ofEach('Modify'), ...queries, ...enumerations, hnsCall].map(
      (name) => ({ function: name, status: 0x800706bf }),
    ),
  },
  {
    name: 'object-gone-before-open',
    does: 'Another client deletes an object between its enumeration and its opening.',
    report: 'Azure/azure-container-networking#1272',
    sees: '`0x803B0001` for a network, `0x803B0002` for an endpoint, `0x80070490` for all others.',
    remedy: 'Leave it out of the list. For who wanted it deleted, it is done.',
    rules: [
      ...ofEach('Open').map((name) => ({ function: name, before: 'deleted' as const })),
      { function: hnsCall, request: 'GET /networks/*', before: 'deleted' },
      { function: hnsCall, request: 'GET /endpoints/*', before: 'deleted' },
      { function: hnsCall, request: 'GET /namespaces/*', before: 'deleted' },
    ],
  },
  {
    name: 'object-gone-before-delete',
    does: 'Another client deletes an object just before it is deleted.',
    report: 'Azure/azure-container-networking#715',
    sees: 'The same codes; `HNSCall` succeeds, with `"Success":false` in its answer.',
    remedy: 'What was not found is deleted: go on with the teardown.',
    rules: [
      ...ofEach('Delete').map((name) => ({ function: name, before: 'deleted' as const })),
      { function: hnsCall, request: 'DELETE /networks/*', before: 'deleted' },
      { function: hnsCall, request: 'DELETE /endpoints/*', before: 'deleted' },
      { function: hnsCall, request: 'DELETE /namespaces/*', before: 'deleted' },
    ],
  },
  {
    name: 'address-left-behind',
    does: 'An endpoint that a crash has left behind holds the addresses of the one that is created.',
    report: 'moby/moby#47576',
    sees: '`0x803B002F` (HCN_E_ADDR_INVALID_OR_RESERVED) where the document names an address; else another address.',
    remedy: 'Find the endpoint that has the address among those of the network, delete it, and create again.',
    rules: [
      { function: 'computenetwork.HcnCreateEndpoint', before: 'left-behind' },
      { function: hnsCall, request: 'POST /endpoints', before: 'left-behind' },
    ],
  },
  {
    name: 'port-taken',
    does: 'Another endpoint has the port that is published.',
    report: 'moby/moby#42426',
    sees: '`0x803B0013` (HCN_E_PORT_ALREADY_EXISTS).',
    remedy: 'Publish another port, or delete the endpoint that has it.',
    rules: [
      { function: 'computenetwork.HcnCreateEndpoint', status: 0x803b0013 },
      { function: 'computenetwork.HcnReserveGuestNetworkServicePort', status: 0x803b0013 },
      { function: hnsCall, request: 'POST /endpoints', status: 0x803b0013 },
    ],
  },
  {
    name: 'port-taken-by-program',
    does: 'A program of the host listens on the port that is published.',
    report: 'docker/for-win#1745',
    sees: '`0x80070020` (ERROR_SHARING_VIOLATION), with a text about a file.',
    remedy: 'Publish another port, or end the program: `netstat -abn` names it.',
    rules: [
      { function: 'computenetwork.HcnCreateEndpoint', status: 0x80070020 },
      { function: hnsCall, request: 'POST /endpoints', status: 0x80070020 },
    ],
  },
  {
    name: 'wrong-diskette',
    does: 'The service cannot read an object that another version of it has stored.',
    report: 'flannel-io/flannel#1112',
    sees: '`0x80070022` (ERROR_WRONG_DISK): "The wrong diskette is in the drive."',
    remedy: 'Delete the stored objects (up to Server 2019 the file HNS.data) and restart the service.',
    rules: [
      ...ofEach('Open').map((name) => ({ function: name, status: 0x80070022 })),
      { function: 'computenetwork.HcnCreateNetwork', status: 0x80070022 },
      { function: hnsCall, request: 'GET /networks', status: 0x80070022 },
      { function: hnsCall, request: 'GET /networks/*', status: 0x80070022 },
      { function: hnsCall, request: 'GET /endpoints/*', status: 0x80070022 },
      { function: hnsCall, request: 'POST /endpoints/*/attach', status: 0x80070022 },
    ],
  },
  {
    name: 'adapter-missing',
    does: 'The network adapter that a network is to be made on is not there.',
    report: 'moby/moby#41094',
    sees: '`0x803B0006` (HCN_E_ADAPTER_NOT_FOUND).',
    remedy: 'Name an adapter of the host that no other external switch has; not one that begins with "vEthernet".',
    rules: [
      { function: 'computenetwork.HcnCreateNetwork', status: 0x803b0006 },
      { function: hnsCall, request: 'POST /networks', status: 0x803b0006 },
    ],
  },
  {
    name: 'dead-container-in-namespace',
    does: 'A namespace still lists a container that has died.',
    report: 'microsoft/hcsshim#2155',
    sees: '`0x803B0015` (HCN_E_REQUEST_UNSUPPORTED) when the namespace is deleted.',
    remedy: 'Remove the container from the namespace, then delete it; on some hosts only a restart of Windows helps.',
    rules: [
      { function: 'computenetwork.HcnDeleteNamespace', before: 'left-behind' },
      { function: hnsCall, request: 'DELETE /namespaces/*', before: 'left-behind' },
    ],
  },
  {
    name: 'ipv6-disabled',
    does: 'IPv6 is disabled on the host, and a container with a network cannot be created.',
    report: 'moby/moby#32595',
    sees: '`0x80070490` ("Element not found") from the create of the system.',
    remedy: 'Enable IPv6 on the adapters of the host, that of the NAT network above all.',
    rules: [{ function: 'vmcompute.HcsCreateComputeSystem', status: 0x80070490 }],
  },
  {
    name: 'load-balancer-ports-exhausted',
    does: 'Load balancers without direct server return have used up the ephemeral ports of the host.',
    report: 'MicrosoftDocs/Virtualization-Documentation@77e0742a8',
    sees: '`0x803B0013` (HCN_E_PORT_ALREADY_EXISTS) when a load balancer is created.',
    remedy: 'Use direct server return, or fewer load balancers, or a larger range of dynamic ports.',
    rules: [
      { function: 'computenetwork.HcnCreateLoadBalancer', status: 0x803b0013 },
      { function: hnsCall, request: 'POST /policylists', status: 0x803b0013 },
    ],
  },
] as const satisfies readonly FaultScenario[];
