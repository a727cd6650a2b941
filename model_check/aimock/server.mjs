// `node server.mjs`: prints its address, serves OpenAI, Anthropic, Gemini and Ollama.
//
// Reads its fixtures as one line of JSON from standard input: what is answered to which question.
import { createInterface } from "node:readline";
import { LLMock } from "@copilotkit/aimock";

for await (const line of createInterface({ input: process.stdin })) {
  const mock = new LLMock({ port: 0, logLevel: "silent" });
  for (const fixture of JSON.parse(line)) mock.addFixture(fixture);
  console.log(await mock.start());
}
