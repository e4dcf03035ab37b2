// Package genai reads calls to language models from their spans: which model was asked, how many tokens went in and came
// out, and the messages as a conversation. Old and new conventions are read: OpenTelemetry's gen_ai.*, those of OpenLLMetry
// (gen_ai.prompt.0.content) and of OpenInference (llm.input_messages.0.message.content), and the events that carried
// messages before attributes did.
package genai
