// Spans for whoever attaches an OpenTelemetry SDK; without one they cost next to nothing. No attribute names a person.
import { SpanStatusCode, trace } from '@opentelemetry/api'

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

/** The span ends with the work; what the work throws is the span's error, told by its code or its kind. */
export function inSpan<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T> {
  return trace.getTracer('cdpkit').startActiveSpan(name, { attributes: { ...attributes } }, async (span) => {
    try {
      return await work()
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: nameOf(error) })
      throw error
    } finally {
      span.end()
    }
  })
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : error.name
}
