// Turns the calls and notifications of a host into spans of OpenTelemetry. The tracer is that of `@opentelemetry/api`:
//
//   import { trace } from '@opentelemetry/api';
//   traceHost(trace.getTracer('hostcompute'));
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import type { CallMessage, NotificationMessage } from 'hostcompute';

type Attributes = Record<string, string | number>;

/** As much of a span as is used here; those of OpenTelemetry have it. */
export interface Span {
  addEvent(name: string, attributes: Attributes): unknown;
  setAttributes(attributes: Attributes): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  end(): void;
}

/** As much of a tracer; a span becomes the child of the span that is active when it starts. */
export interface Tracer {
  startSpan(name: string, options: { kind: number; attributes: Attributes }): Span;
}

const spanKind = { internal: 0, client: 2 };
const statusCode = { ok: 1, error: 2 };

function attributesOf({ systemId, processId, layer }: Partial<CallMessage>): Attributes {
  return {
    ...(systemId !== undefined && { 'hcs.system.id': systemId }),
    ...(processId !== undefined && { 'hcs.process.id': processId }),
    ...(layer !== undefined && { 'hcs.layer': layer }),
  };
}

/** Each call becomes a span, each notification one with an event. Returns what ends that. */
export function traceHost(tracer: Tracer): () => void {
  const spans = new WeakMap<object, Span>();
  const onCall = (message: unknown): void => {
    const call = message as CallMessage; // the same object at its start and at its end
    if (call.code === undefined) {
      spans.set(call, tracer.startSpan(call.operation, { kind: spanKind.client, attributes: attributesOf(call) }));
      return;
    }
    const span = spans.get(call);
    span?.setAttributes({ 'hcs.code': call.code });
    span?.setStatus(call.code === 'S_OK' ? { code: statusCode.ok } : { code: statusCode.error, message: call.code });
    span?.end();
  };
  const onNotification = (message: unknown): void => {
    const { type, code, ...subject } = message as NotificationMessage;
    const span = tracer.startSpan('HCS notification', { kind: spanKind.internal, attributes: attributesOf(subject) });
    span.addEvent(type, { 'hcs.code': code });
    span.end();
  };
  subscribe('hostcompute:call', onCall);
  subscribe('hostcompute:notification', onNotification);
  return () => {
    unsubscribe('hostcompute:call', onCall);
    unsubscribe('hostcompute:notification', onNotification);
  };
}
