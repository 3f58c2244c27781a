// The types of CQL's own model, System, as the translator wants to be told of them (CQL 1.5, appendix B).

const SIMPLE = ["Boolean", "Integer", "Long", "Decimal", "String", "Date", "DateTime", "Time"];
const CLASSES = {
  Quantity: { value: "Decimal", unit: "String" },
  Ratio: { numerator: "Quantity", denominator: "Quantity" },
  Code: { code: "String", system: "String", version: "String", display: "String" },
  Concept: { display: "String" },
  Vocabulary: { id: "String", version: "String" },
};

const simple = (name) => `<m:typeInfo xsi:type="m:SimpleTypeInfo" name="System.${name}" baseType="System.Any"/>`;

const structured = (name, base, elements = {}) => {
  const inside = Object.entries(elements).map(([each, type]) => `<m:element name="${each}" type="System.${type}"/>`);
  const type = `xsi:type="m:ClassInfo" name="System.${name}" baseType="System.${base}"`;
  return `<m:typeInfo ${type}>${inside.join("")}</m:typeInfo>`;
};

export const SYSTEM = [
  `<m:modelInfo xmlns:m="urn:hl7-org:elm-modelinfo:r1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`,
  ` name="System" version="1.0.0" url="urn:hl7-org:elm-types:r1" targetQualifier="system">`,
  `<m:typeInfo xsi:type="m:SimpleTypeInfo" name="System.Any"/>`,
  ...SIMPLE.map(simple),
  ...Object.entries(CLASSES).map(([name, elements]) => structured(name, "Any", elements)),
  structured("ValueSet", "Vocabulary"),
  structured("CodeSystem", "Vocabulary"),
  `</m:modelInfo>`,
].join("\n");
