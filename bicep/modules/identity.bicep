metadata description = 'The identity that the app works as. It has no secret, and outlives the app.'

@description('The name of the identity, which is its login in PostgreSQL too.')
param name string

@description('Where it is.')
param location string

@description('The tags of every resource.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
