// Turns the calls and notifications of hosts into spans: traceHosts(trace.getTracer('hostcompute')).
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import type { Attributes, Span, Tracer } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { CallMessage, NotificationMessage } from 'hostcompute';

const attributesOf = ({ systemId, processId, layer }: Partial<CallMessage>): Attributes => {
  return { 'hcs.system.id': systemId, 'hcs.process.id': processId, 'hcs.layer': layer };
};

/** Each call becomes a span, a child of the active one; each notification becomes a span with an event. Returns what ends that. */
export function traceHosts(tracer: Tracer): () => void {
  const spans = new WeakMap<CallMessage, Span>(); // the message of a call's start and of its end is the same object
  const onCall = (message: unknown): void => {
    const call = message as CallMessage;
    const span = spans.get(call);
    if (span === undefined) {
      spans.set(call, tracer.startSpan(call.operation, { kind: SpanKind.CLIENT, attributes: attributesOf(call) }));
    } else {
      const { code = '' } = call;
      span.setAttribute('hcs.code', code);
      span.setStatus(code === 'S_OK' ? { code: SpanStatusCode.OK } : { code: SpanStatusCode.ERROR, message: code });
      span.end();
    }
  };
  const onNotification = (message: unknown): void => {
    const { type, code, ...subject } = message as NotificationMessage;
    const span = tracer.startSpan('HCS notification', { attributes: attributesOf(subject) });
    span.addEvent(type, { 'hcs.code': code }).end();
  };
  subscribe('hostcompute:call', onCall);
  subscribe('hostcompute:notification', onNotification);
  return () => {
    unsubscribe('hostcompute:call', onCall);
    unsubscribe('hostcompute:notification', onNotification);
  };
}
