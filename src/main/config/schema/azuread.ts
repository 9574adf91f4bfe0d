import { optional } from '../decode/decoder.ts';
import { bool, secret, string } from '../decode/scalars.ts';
import { field, struct, type Refuse } from '../decode/struct.ts';

const client = { client_id: field(string), tenant_id: field(string) };

const managedIdentity = struct({ type: 'azuread.ManagedIdentityConfig', fields: { client_id: field(string) } });
const workloadIdentity = struct({
  type: 'azuread.WorkloadIdentityConfig',
  fields: { ...client, token_file_path: field(string) },
});
const oauth = struct({ type: 'azuread.OAuthConfig', fields: { ...client, client_secret: field(secret) } });
const sdk = struct({ type: 'azuread.SDKConfig', fields: { tenant_id: field(string) } });
const certificate = struct({
  type: 'azuread.CertificateConfig',
  fields: {
    ...client,
    certificate_path: field(string),
    certificate_key_path: field(string),
    certificate_password: field(secret),
    send_certificate_chain: field(bool),
  },
});

const UUID = /^(urn:uuid:)?\{?[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\}?$/;

/** Each value must be there; client_id must look like a UUID. */
function checkMethod(name: string, values: Readonly<Record<string, string>>, refuse: Refuse): void {
  for (const [key, value] of Object.entries(values))
    if (value === '') {
      refuse(`must provide an Azure ${name} ${key} in the Azure AD config`);
      return;
    }
  if (values.client_id !== undefined && !UUID.test(values.client_id))
    refuse(`the provided Azure ${name} client_id is invalid`);
}

export const azuread = struct({
  type: 'azuread.plain',
  fields: {
    managed_identity: field(optional(managedIdentity)),
    workload_identity: field(optional(workloadIdentity)),
    oauth: field(optional(oauth)),
    sdk: field(optional(sdk)),
    certificate: field(optional(certificate)),
    cloud: field(string),
    scope: field(string),
  },
  check(azure, refuse) {
    if (!['', 'AzureChina', 'AzureGovernment', 'AzurePublic'].includes(azure.cloud))
      refuse('must provide a cloud in the Azure AD config', 'cloud');
    const { managedIdentity, workloadIdentity, oauth, sdk, certificate } = azure;
    const methods = [managedIdentity, workloadIdentity, oauth, sdk, certificate].filter((method) => method !== null);
    if (methods.length === 0)
      refuse(
        'must provide an Azure Managed Identity, Azure Workload Identity, Azure OAuth, Azure Certificate or Azure SDK in the Azure AD config',
      );
    if (methods.length > 1) refuse('cannot provide multiple authentication methods in the Azure AD config');
    if (managedIdentity !== null && managedIdentity.clientId !== '')
      checkMethod('Managed Identity', { client_id: managedIdentity.clientId }, refuse);
    if (workloadIdentity !== null) {
      const { clientId, tenantId } = workloadIdentity;
      checkMethod('Workload Identity', { client_id: clientId, tenant_id: tenantId }, refuse);
      if (tenantId !== '' && !UUID.test(tenantId)) refuse('the provided Azure Workload Identity tenant_id is invalid');
    }
    if (oauth !== null)
      checkMethod(
        'OAuth',
        { client_id: oauth.clientId, client_secret: oauth.clientSecret, tenant_id: oauth.tenantId },
        refuse,
      );
    if (certificate !== null)
      checkMethod(
        'Certificate',
        {
          client_id: certificate.clientId,
          tenant_id: certificate.tenantId,
          certificate_path: certificate.certificatePath,
        },
        refuse,
      );
    if (azure.scope !== '' && !/^[\w\s:/.-]+$/.test(azure.scope))
      refuse('the provided scope contains invalid characters', 'scope');
  },
});
