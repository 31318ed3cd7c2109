// validate.mjs FILE: checks a description with @readme/openapi-parser.
import { compileErrors, validate } from "@readme/openapi-parser";

const result = await validate(process.argv[2]);
if (!result.valid) {
  console.error(compileErrors(result));
  process.exit(1);
}
