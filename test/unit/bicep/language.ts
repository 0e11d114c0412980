/** What can be used without being declared: the functions that need no namespace are below. */
export const NAMESPACES: readonly string[] = ['az', 'sys'];

const MANY = Number.POSITIVE_INFINITY;

/**
 * Bicep's functions that this project may call, with the least and most arguments that they take.
 * Source: learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions and its pages.
 */
export const FUNCTIONS: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['cidrSubnet', [3, 3]],
  ['concat', [1, MANY]],
  ['contains', [2, 2]],
  ['empty', [1, 1]],
  ['environment', [0, 0]],
  ['filter', [2, 2]],
  ['guid', [1, MANY]],
  ['length', [1, 1]],
  ['loadJsonContent', [1, 3]],
  ['loadTextContent', [1, 2]],
  ['map', [2, 2]],
  ['replace', [3, 3]],
  ['resourceGroup', [0, 2]],
  ['resourceId', [2, MANY]],
  ['string', [1, 1]],
  ['subscription', [0, 1]],
  ['subscriptionResourceId', [2, MANY]],
  ['take', [2, 2]],
  ['tenant', [0, 0]],
  ['toLower', [1, 1]],
  ['union', [2, MANY]],
  ['uniqueString', [1, MANY]],
]);
