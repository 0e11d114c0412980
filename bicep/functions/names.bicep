metadata description = 'How resources are named.'

// Only letters and digits of the environment's name are taken, so that no two separators follow one another, and it is cut to what the
// length allows; the token at the end is what makes the name unlike others.
@export()
@description('The name of a resource: prefix, environment and token with the separator between them, at most maxLength long.')
func resourceName(prefix string, separator string, environmentName string, token string, maxLength int) string => '${prefix}${separator}${take(toLower(replace(replace(replace(replace(replace(environmentName, '-', ''), '_', ''), '.', ''), '(', ''), ')', '')), maxLength - length('${prefix}${separator}${separator}${token}'))}${separator}${token}'
