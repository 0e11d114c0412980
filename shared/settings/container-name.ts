/** Stands in a container's name for the tenant's id. */
export const TENANT_PLACEHOLDER = '{tenant}';

export const CONTAINER_NAME_RULES =
  '3 to 63 lower-case letters, digits and single hyphens, beginning and ending with a letter or digit';

/** Source: Azure Storage, "Naming and referencing containers, blobs, and metadata". */
export function isContainerName(name: string): boolean {
  return name.length >= 3 && name.length <= 63 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);
}

/** Whether the template is a container's name, or becomes one for some tenant. */
export function isContainerTemplate(template: string): boolean {
  if (!template.includes(TENANT_PLACEHOLDER)) return isContainerName(template);
  return ['x', 'xxx'].some((tenant) => isContainerName(template.replaceAll(TENANT_PLACEHOLDER, tenant)));
}
