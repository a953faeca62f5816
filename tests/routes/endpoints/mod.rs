mod sip;
mod sip_templates;
